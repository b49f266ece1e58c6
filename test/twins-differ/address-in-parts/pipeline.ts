import { importer, pipeline, type Dataset } from 'ferrule';

export default pipeline('address-in-parts', { bucket: 'b' }, ({ bucket }) => {
  importer<Dataset>({ uri: `gs://${bucket}/data` });
});
