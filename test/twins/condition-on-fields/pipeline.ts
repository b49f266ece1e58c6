import { component, eq, forEach, pipeline, when } from 'ferrule';

export const entries = component({ image: 'a' }, (): { kind: string; text: string }[] => []);
export const say = component({ image: 'b' }, (_inputs: { text: string }) => {});

export default pipeline('condition-on-fields', {}, () => {
  forEach(entries().outputs.Output, (entry) => {
    forEach([1], () => say({ text: entry.text }));
    when(eq(entry.kind, 'long'), () => say({ text: entry.text })).elseWhen(eq(entry.kind, 'short'), () =>
      say({ text: 'short' }),
    );
  });
});
