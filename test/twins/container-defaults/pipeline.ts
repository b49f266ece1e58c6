import { component, container, pipeline } from 'ferrule';

export const box = container(() => ({
  image: 'busybox',
  cpu: 1,
  memory: '1Gi',
  env: { A: '1' },
  cache: false,
  kubernetes: { labels: { team: 'vision' } },
}));
export const step = component({ image: 'a', kubernetes: { nodeSelector: { disk: 'ssd' } } }, () => {});

export default pipeline('container-defaults', {}, () => {
  box();
  box({}, { cpu: 2, env: { A: '2', B: '3' }, kubernetes: { labels: { team: 'sound' } } });
  step({}, { kubernetes: { annotations: { a: 'b' } } });
});
