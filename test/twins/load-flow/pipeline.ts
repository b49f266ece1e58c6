import { component, loadComponent, pipeline, when, type Dataset } from 'ferrule';

const flow = loadComponent<{ text?: string; parts?: readonly string[] }, { Output: readonly Dataset[] }>(
  './flow.yaml',
  import.meta.url,
);

export const merge = component({ image: 'a' }, (_inputs: { parts: readonly Dataset[] }) => {});

export default pipeline('load-flow', { go: true }, ({ go }) => {
  when(go, () => {
    const done = flow({ text: 'b', parts: ['1', '2', '3'] });
    merge({ parts: done.outputs.Output });
  });
});
