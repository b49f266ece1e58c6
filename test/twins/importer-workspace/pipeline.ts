import { component, importer, pipeline, type Artifact, type Dataset } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { data: Dataset; other: Artifact }) => {});

export default pipeline(
  { name: 'importer-workspace', workspace: { size: '1Gi' } },
  { uri: 's3://bucket/x' },
  ({ uri }) => {
    const data = importer<Dataset>({ uri, downloadToWorkspace: true });
    const other = importer({
      uri: 'minio://b/y',
      metadata: { a: [{ b: 'c' }], n: 2, f: 0.5, t: true },
    });
    use({ data: data.outputs.artifact, other: other.outputs.artifact });
  },
);
