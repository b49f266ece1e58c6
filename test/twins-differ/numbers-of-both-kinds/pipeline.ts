import { component, forEach, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { n: number }) => {});

export default pipeline('numbers-of-both-kinds', {}, () => {
  forEach([1, 2.5], (n) => use({ n }));
});
