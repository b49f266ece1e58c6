import { component, onExit, pipeline, required, type FinalStatus, type Int } from 'ferrule';

export const say = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const run = component({ image: 'b' }, (_inputs: { n: Int }) => {});

export const cleaning = pipeline(
  'cleaning',
  { status: required<FinalStatus>(), who: required<string>() },
  ({ status, who }) => {
    say({ text: `${who}: ${status}` });
  },
);

export default pipeline('exit-pipeline-with-status', {}, () => {
  const cleaned = cleaning({ who: 'me' });
  onExit(cleaned, () => run({ n: 1 }));
});
