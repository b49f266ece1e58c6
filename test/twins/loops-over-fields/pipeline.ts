import { component, eq, forEach, pipeline, required, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string; n: string }) => {});

export default pipeline(
  'loops-over-fields',
  { groups: required<Record<'names', string[]>[]>(), tag: 't' },
  ({ groups, tag }) => {
    const constants = [
      { names: ['a', 'b'], n: ['1'] },
      { names: ['c'], n: ['2'] },
    ];
    forEach(constants, (group) => {
      forEach(group.names, (title) => use({ text: title, n: tag }), { parallelism: 1 });
      forEach(group.n, (n) => {
        when(eq(n, tag), () => use({ text: tag, n }));
      });
    });
    forEach(groups, (group) => {
      forEach(group.names, (title) => use({ text: title, n: tag }));
    });
  },
);
