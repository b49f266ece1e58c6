import { component, forEach, pipeline, type Int } from 'ferrule';

export const take = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline('loop-fields-of-constants', {}, () => {
  forEach(
    [
      { sizes: 3, n: 1 },
      { sizes: 4, n: 2 },
    ],
    (entry) => {
      take({ n: entry.n });
      take({ n: entry.sizes });
    },
  );
});
