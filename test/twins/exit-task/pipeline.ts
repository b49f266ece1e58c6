import { component, int, onExit, pipeline, type Int } from 'ferrule';

export const clean = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const run = component({ image: 'b' }, (_inputs: { n: Int }) => {});

export default pipeline('exit-task', { who: 'me', n: int(1) }, ({ who, n }) => {
  const cleaned = clean({ text: `by ${who}` }, { displayName: 'Clean up', retry: { maxAttempts: 3 } });
  run({ n: 0 });
  onExit(cleaned, () => {
    run({ n });
    run({ n: 2 });
  });
});
