import { collect, container, forEach, int, pipeline, type Dataset, type Int } from 'ferrule';

export const make = container<{ n: Int }, { rows: Dataset; count: Int }>(({ n }, { rows, count }) => ({
  image: 'busybox',
  args: [n, rows.path, count.path],
}));
export const merge = container<{ parts: readonly Dataset[]; counts: readonly Int[] }, { whole: Dataset }>(
  ({ parts, counts }, { whole }) => ({
    image: 'busybox',
    args: ['--parts', parts, '--counts', counts, whole.path],
  }),
);

export default pipeline('container-collected', { ns: [int(1), int(2)] }, ({ ns }) => {
  const made = collect(forEach(ns, (n) => make({ n })));
  merge({ parts: made.rows, counts: made.count });
});
