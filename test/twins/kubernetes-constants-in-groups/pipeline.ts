import { component, eq, forEach, onExit, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export const inner = pipeline('inner', {}, () => {
  use(
    { text: 'inner' },
    {
      kubernetes: { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute', seconds: 30 }] },
      timeout: '60s',
    },
  );
});

export default pipeline('kubernetes-constants-in-groups', { text: 'a' }, ({ text }) => {
  const last = use({ text: 'last' }, { kubernetes: { labels: { role: 'exit' } } });
  onExit(last, () => {
    forEach(['a', 'b'], (name) =>
      use({ text: name }, { kubernetes: { nodeSelector: { disk: 'ssd' }, annotations: { note: 'looped' } } }),
    );
    when(eq(text, 'a'), () =>
      use({ text }, { kubernetes: { imagePullPolicy: 'Always', fieldEnv: { POD: 'metadata.name' } } }),
    );
    inner();
  });
  inner();
});
