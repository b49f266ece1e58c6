import { collect, container, forEach, int, pipeline, type Dataset, type Int } from 'ferrule';

export const make = container<{ n: Int }, { path: string; data: Dataset }>(({ n }, { path, data }) => ({
  image: 'alpine',
  args: [`${n}`, path.path, data.uri, data.metadata('kind')],
}));

export const join = container<{ parts: readonly Dataset[]; paths: readonly string[] }>(
  ({ parts, paths }) => ({
    image: 'alpine',
    args: [parts, paths],
  }),
);

export default pipeline('container-collected', { ns: [int(1), int(2)] }, ({ ns }) => {
  const made = collect(forEach(ns, (n) => make({ n })));
  join({ parts: made.data, paths: made.path });
});
