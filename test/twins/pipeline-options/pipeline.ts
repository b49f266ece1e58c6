import { component, pipeline, run } from 'ferrule';

export const step = component({ image: 'a' }, (_inputs: { path: string }) => {});

export default pipeline(
  {
    name: 'pipeline-options',
    displayName: 'All options',
    root: 'gs://bucket/root',
    workspace: {
      size: '10Gi',
      kubernetes: { pvcSpecPatch: { storageClassName: 'fast', accessModes: ['ReadWriteMany'] } },
    },
    ttl: { onCompletion: '1h', onSuccess: '60s', onFailure: '1d' },
    deadline: '2h',
  },
  {},
  () => {
    step({ path: run.workspacePath });
    step({ path: `${run.workspacePath}/inner` });
  },
);
