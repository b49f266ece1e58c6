import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('kubernetes-scheduling', {}, () => {
  step(
    {},
    {
      kubernetes: {
        nodeSelector: { disk: 'ssd', zone: 'a' },
        nodeAffinity: [
          { matchExpressions: [{ key: 'gpu', operator: 'In', values: ['a100', 'h100'] }] },
          { matchFields: [{ key: 'metadata.name', operator: 'Exists' }], weight: 50 },
        ],
        tolerations: [
          { key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule', seconds: 10 },
          { operator: 'Exists' },
          { key: 'e', effect: 'NoExecute', seconds: 0 },
        ],
      },
    },
  );
  const terms = [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }];
  const json = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
  step({}, { kubernetes: { nodeAffinity: [{ json }] } });
});
