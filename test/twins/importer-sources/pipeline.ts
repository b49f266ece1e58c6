import { component, importer, pipeline, type Artifact, type Dataset } from 'ferrule';

interface Sketch extends Artifact<'google.Sketch', '0.1.0'> {}

export const locate = component({ image: 'a' }, (): string => 'gs://b/x');
export const use = component({ image: 'a' }, (_inputs: { data: Dataset; sketch: Sketch }) => {});

export default pipeline('importer-sources', {}, () => {
  const where = locate().outputs.Output;
  const data = importer<Dataset>(
    { uri: where, metadata: { from: where, [`${where}`]: 'a key' } },
    { displayName: 'The data', retry: { maxAttempts: 3 } },
  );
  const sketch = importer<Sketch>({ uri: 'oci://registry/sketch', metadata: {} }, { after: [data] });
  use({ data: data.outputs.artifact, sketch: sketch.outputs.artifact });
});
