import { component, forEach, pipeline } from 'ferrule';

export const trees = component({ image: 'a' }, (): { branches: { leaves: string[] }[] }[] => []);
export const say = component({ image: 'b' }, (_inputs: { text: string }) => {});

export default pipeline('loop-over-fields-of-fields', {}, () => {
  forEach(trees().outputs.Output, (tree) =>
    forEach(tree.branches, (branch) => forEach(branch.leaves, (leaf) => say({ text: leaf }))),
  );
});
