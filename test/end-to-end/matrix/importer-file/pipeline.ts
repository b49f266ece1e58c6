import { component, importer, pipeline, required, type Dataset } from 'ferrule';
import { readFile } from 'node:fs/promises';

export const read = component({}, async ({ data }: { readonly data: Dataset }): Promise<string> =>
  readFile(data.path, 'utf8'),
);

export default pipeline('importer-file', { uri: required<string>() }, ({ uri }) => {
  read({ data: importer<Dataset>({ uri }).outputs.artifact });
});
