import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('kubernetes-pod', {}, () => {
  step(
    {},
    {
      timeout: '90s',
      kubernetes: {
        labels: { team: 'vision', tier: 'gold' },
        annotations: { note: 'a b' },
        imagePullPolicy: 'Always',
        fieldEnv: { POD: 'metadata.name', NODE: 'spec.nodeName' },
        securityContext: { runAsUser: 1000, runAsGroup: 0, runAsNonRoot: false },
      },
    },
  );
  step({}, { kubernetes: { securityContext: { runAsNonRoot: true } } });
});
