import { component, importer, onExit, pipeline, type Dataset, type Model } from 'ferrule';

export const make = component(
  { image: 'a' },
  (_inputs: { bucket: string }, _out: { data: Dataset }): { rows: number } => ({ rows: 1 }),
);

export default pipeline('malformed-importer', { bucket: 'b', rate: 0.5, uris: ['gs://a'] }, (given) => {
  const { bucket, rate, uris } = given;
  const made = make({ bucket });
  importer<Dataset>({ uri: `gs://${bucket}/data` });
  importer<Dataset>({ uri: '{{$.pipeline_root}}/data' });
  // @ts-expect-error a number
  importer<Dataset>({ uri: rate });
  // @ts-expect-error a list
  importer<Dataset>({ uri: uris });
  // @ts-expect-error an artifact
  importer<Dataset>({ uri: made.outputs.data });
  importer<Dataset>({ uri: '' });
  // @ts-expect-error no location
  importer<Dataset>({});
  // @ts-expect-error no artifact
  importer<string>({ uri: 'gs://a' });
  // @ts-expect-error a list of artifacts
  importer<readonly Model[]>({ uri: 'gs://a' });
  importer<Dataset>({ uri: 'gs://a', metadata: { data: made.outputs.data } });
  importer<Dataset>({ uri: 'gs://a', metadata: { bucket: `${bucket}`.slice(3) } });
  // @ts-expect-error a function
  importer<Dataset>({ uri: 'gs://a', metadata: { make } });
  // @ts-expect-error a text
  importer<Dataset>({ uri: 'gs://a', metadata: 'none' });
  onExit(importer<Dataset>({ uri: 'gs://a' }), () => {
    make({ bucket });
  });
  // @ts-expect-error an option that there is not
  importer<Dataset>({ uri: 'gs://a', reImport: true });
  // @ts-expect-error options of containers
  importer<Dataset>({ uri: 'gs://a' }, { image: 'a', cpu: 1, env: { A: 'b' }, timeout: '1h' });
});
