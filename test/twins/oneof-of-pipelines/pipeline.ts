import { component, eq, ne, oneOf, pipeline, required, when } from 'ferrule';

export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export const short = pipeline('short', { text: required<string>() }, ({ text }) => ({
  Output: step({ text }).outputs.Output,
}));

export const long = pipeline('long', { text: required<string>(), end: '!' }, ({ text, end }) => {
  const said = when(ne(end, ''), () => step({ text: `${text}${end}` })).otherwise(() => step({ text }));
  return { Output: oneOf(said).Output };
});

export default pipeline('oneof-of-pipelines', { mode: 'a' }, ({ mode }) => {
  const before = step({ text: mode }).outputs.Output;
  const branches = when(eq(before, 'a'), () => short({ text: before }))
    .elseWhen(eq(before, 'b'), () => long({ text: mode }))
    .otherwise(() => long({ text: before, end: '' }));
  return { Output: oneOf(branches).Output };
});
