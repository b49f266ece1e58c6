import { component, pipeline, type FinalStatus } from 'ferrule';

export const step = component({ image: 'a' }, () => {});
export const tell = component(
  { image: 'a' },
  ({ text = 'none' }: { status: FinalStatus; text?: string }) => void text,
);

export default pipeline('status-with-a-default', {}, () => {
  tell({}, { after: [step()], ignoreUpstreamFailure: true });
});
