import { component, onExit, pipeline, required } from 'ferrule';

export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const sweep = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export const tidy = pipeline('tidy', { text: required<string>() }, ({ text }) => {
  const first = sweep({ text });
  sweep({ text: first.outputs.Output });
});

export default pipeline('exit-task-pipeline', { text: 'a' }, ({ text }) => {
  const last = tidy({ text });
  onExit(last, () => step({ text }, { retry: { maxAttempts: 3 } }));
});
