import { component, eq, forEach, onExit, pipeline, required, when, type FinalStatus } from 'ferrule';

export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const half = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const clean = component({ image: 'a' }, (_inputs: { folder: string; status: FinalStatus }) => {});

export const both = pipeline('both', { text: required<string>() }, ({ text }) => {
  const first = half({ text });
  return { Output: half({ text: first.outputs.Output }).outputs.Output };
});

export default pipeline(
  'exit-around-all',
  { names: ['a'], mode: 'x', folder: '/tmp' },
  ({ names, mode, folder }) => {
    const before = step({ text: mode });
    const last = clean({ folder });
    onExit(
      last,
      () => {
        forEach(names, (name) => {
          when(eq(name, mode), () => {
            const done = both({ text: name });
            step({ text: done.outputs.Output });
          }).otherwise(() => {
            step({ text: before.outputs.Output });
          });
        });
        when(eq(before.outputs.Output, 'x'), () => both({ text: before.outputs.Output }));
      },
      { name: 'clean up' },
    );
    step({ text: 'beside' });
  },
);
