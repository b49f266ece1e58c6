import { component, onExit, pipeline, required, type FinalStatus } from 'ferrule';

export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const clean = component({ image: 'a' }, (_inputs: { status: FinalStatus; folder: string }) => {});

export const careful = pipeline('careful', { text: required<string>() }, ({ text }) => {
  const last = clean({ folder: text });
  onExit(last, () => {
    step({ text: 'inside' });
  });
  return { Output: step({ text: 'beside' }).outputs.Output };
});

export default pipeline('exit-in-nested-pipeline', { text: 'a' }, ({ text }) => {
  const last = clean({ folder: 'outer' });
  onExit(last, () => {
    const done = careful({ text });
    careful({ text: done.outputs.Output });
  });
});
