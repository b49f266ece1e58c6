import { component, forEach, pipeline, required, type FinalStatus } from 'ferrule';

export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const tell = component(
  { image: 'a' },
  ({ text = 'none' }: { status: FinalStatus; text?: string }) => void text,
);

export const inner = pipeline('inner', { text: required<string>() }, ({ text }) => ({
  Output: step({ text }).outputs.Output,
}));

export default pipeline('status-of-task', { text: 'a' }, ({ text }) => {
  const first = step({ text });
  tell({ text: first.outputs.Output }, { ignoreUpstreamFailure: true });
  const second = inner({ text });
  tell({ text: 'x' }, { after: [second], ignoreUpstreamFailure: true });
  forEach([1, 2], () => {
    const third = step({ text });
    tell({ text: third.outputs.Output }, { ignoreUpstreamFailure: true });
  });
});
