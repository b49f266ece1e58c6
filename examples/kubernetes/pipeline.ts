import { component, pipeline, type Int } from 'ferrule';

/** Reads a setting from its environment. */
export const region = component({}, (): string => process.env['REGION'] ?? 'nowhere');

/** Counts letters. */
export const count = component(
  { kubernetes: { nodeSelector: { 'kubernetes.io/arch': 'amd64' }, imagePullPolicy: 'IfNotPresent' } },
  ({ text }: { text: string }): Int => text.length,
);

/**
 * Says what pods get on Kubernetes: nodes, tolerations, labels, resources, neighbours. On this machine tasks run without
 * these, which a warning says; what a task cannot do without, such as a Secret, needs a cluster.
 */
export default pipeline('kubernetes', { memory: '256Mi', region: 'eu-west' }, (params) => {
  const told = region({}, { env: { REGION: 'eu' }, kubernetes: { labels: { team: 'weather' } } });
  const counted = count(
    { text: `${told.outputs.Output} ${params.region}` },
    {
      cpu: 1,
      memory: params.memory,
      kubernetes: {
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
        annotations: { 'example.com/note': 'counts letters' },
        podAffinity: [
          { topologyKey: 'kubernetes.io/hostname', matchPodLabels: { team: 'weather' }, weight: 50 },
        ],
      },
    },
  );
  return { region: told.outputs.Output, letters: counted.outputs.Output };
});
