import { collect, component, eq, forEach, ne, oneOf, pipeline, required, when, type Dataset } from 'ferrule';

export const make = component(
  { image: 'a' },
  ({ text }: { text: string }, _out: { data: Dataset }): string => text,
);
export const join = component(
  { image: 'a' },
  (_inputs: { parts: readonly Dataset[]; texts: readonly string[] }, _out: { data: Dataset }): string => '',
);
export const whole = component({ image: 'a' }, (_inputs: { data: Dataset; text: string }): boolean => true);
export const use = component({ image: 'a' }, (_inputs: { fine: boolean }) => {});

export const part = pipeline('part', { text: 'p' }, ({ text }) => {
  const { data, Output } = make({ text }).outputs;
  return { data, text: Output };
});

export const judge = pipeline(
  'judge',
  { data: required<Dataset>(), text: required<string>() },
  ({ data, text }) => ({ Output: whole({ data, text }).outputs.Output }),
);

export default pipeline(
  'pipelines-everywhere',
  { texts: required<string[]>(), mode: 'a' },
  ({ texts, mode }) => {
    const each = forEach(texts, (text) => {
      const one = part({ text }, { displayName: 'One of them' });
      const fine = judge({ data: one.outputs.data, text: mode });
      when(eq(fine.outputs.Output, true), () =>
        judge({ data: one.outputs.data, text: one.outputs.text }, { cache: false }),
      );
      return one;
    });
    const all = collect(each);
    const joined = join({ parts: all.data, texts: all.text });
    const { data, Output } = joined.outputs;
    const judged = when(eq(mode, 'a'), () => judge({ data, text: Output })).otherwise(() => {
      when(ne(Output, ''), () => judge({ data, text: 'not empty' }, { retry: { maxAttempts: 2 } }));
      return judge({ data, text: mode });
    });
    whole({ data, text: 'x' }, { after: [each] });
    use({ fine: oneOf(judged).Output });
    return { Output: data };
  },
);
