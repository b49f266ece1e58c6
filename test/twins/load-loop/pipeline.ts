import { collect, component, forEach, int, loadComponent, pipeline, type Dataset, type Int } from 'ferrule';

const countDown = loadComponent<{ start: Int; uri?: string; secret?: string }, { last: Int; data: Dataset }>(
  './whole.yaml',
  import.meta.url,
);

export const merge = component(
  { image: 'a' },
  (_inputs: { parts: readonly Dataset[]; ns: readonly Int[] }) => {},
);

export default pipeline('load-loop', { starts: [int(3), int(4)] }, ({ starts }) => {
  const done = collect(forEach(starts, (start) => countDown({ start })));
  merge({ parts: done.data, ns: done.last });
});
