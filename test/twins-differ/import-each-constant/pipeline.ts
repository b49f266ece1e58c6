import { forEach, importer, pipeline, type Dataset } from 'ferrule';

export default pipeline('import-each-constant', {}, () => {
  forEach(['s3://b/a', 's3://b/b'], (uri) => importer<Dataset>({ uri, metadata: { from: uri } }));
});
