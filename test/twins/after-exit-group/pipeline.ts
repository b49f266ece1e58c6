import { component, onExit, pipeline, type Int } from 'ferrule';

export const run = component({ image: 'a' }, (_inputs: { n: Int }) => {});
export const clean = component({ image: 'b' }, () => {});

export default pipeline('after-exit-group', {}, () => {
  const cleaned = clean();
  const handled = onExit(cleaned, () => {
    run({ n: 1 });
    return run({ n: 2 });
  });
  run({ n: 3 }, { after: [handled] });
});
