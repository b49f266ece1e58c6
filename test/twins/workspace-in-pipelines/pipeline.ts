import { component, forEach, importer, pipeline, required, run, type Dataset } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string; data?: Dataset }) => {});

export const inner = pipeline('inner', { text: required<string>() }, ({ text }) => {
  use({ text: `in ${text}` });
});

export default pipeline(
  {
    name: 'workspace-in-pipelines',
    displayName: 'With a workspace',
    root: 's3://b/root',
    workspace: { size: '1.5Gi', kubernetes: { pvcSpecPatch: { accessModes: ['ReadWriteMany'] } } },
    ttl: { onSuccess: '1h' },
    deadline: '2h',
  },
  { names: ['a'] },
  ({ names }) => {
    forEach(names, (name) => {
      inner({ text: run.workspacePath });
      use({ text: `${run.workspacePath}/${name}` });
    });
    const data = importer<Dataset>({ uri: 's3://b/data', downloadToWorkspace: true });
    use({ text: run.workspacePath, data: data.outputs.artifact });
  },
);
