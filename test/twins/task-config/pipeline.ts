import { component, pipeline, type Int, type TaskConfig } from 'ferrule';

export const launch = component(
  {
    image: 'a',
    taskConfigPassthroughs: [
      'resources',
      'tolerations',
      'nodeSelector',
      'affinity',
      { field: 'env', applyToTask: true },
      { field: 'volumes', applyToTask: true },
    ],
  },
  (_inputs: { nodes: Int; config: TaskConfig }) => {},
);
export const plain = component(
  { image: 'a', taskConfigPassthroughs: ['env'] },
  (_inputs: { config: TaskConfig; note?: string }) => {},
);

export default pipeline('task-config', {}, () => {
  launch(
    { nodes: 2 },
    {
      cpu: 2,
      memory: '4Gi',
      env: { A: 'b' },
      kubernetes: {
        tolerations: [{ key: 'k', operator: 'Exists' }],
        nodeSelector: { disk: 'ssd' },
        volumes: [{ claim: 'data', mountPath: '/data' }],
      },
    },
  );
  plain({}, { env: { X: 'y' } });
});
