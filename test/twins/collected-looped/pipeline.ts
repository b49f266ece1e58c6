import { collect, component, forEach, pipeline, required, type Dataset, type Int } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: { n: Int }, _out: { data: Dataset }): string => 'x');
export const use = component({ image: 'a' }, (_inputs: { data: Dataset; title: string }) => {});

export const each = pipeline(
  'each',
  { parts: required<readonly Dataset[]>(), title: 'none' },
  ({ parts, title }) => {
    forEach(parts, (data) => use({ data, title }), { parallelism: 3 });
  },
);

export default pipeline('collected-looped', {}, () => {
  const made = forEach([1, 2], (n) => make({ n }));
  each({ parts: collect(made).data });
});
