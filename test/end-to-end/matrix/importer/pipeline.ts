import { component, importer, pipeline, required, type Dataset } from 'ferrule';
import { readFile, readdir } from 'node:fs/promises';

export const join = component(
  {},
  async ({ one, other }: { readonly one: Dataset; readonly other: Dataset }): Promise<string> => {
    const names = (await readdir(other.path)).sort().join(' ');
    const text = await readFile(one.path, 'utf8');
    return `${text} from ${JSON.stringify(one.metadata)}, ${names} from ${JSON.stringify(other.metadata)}`;
  },
);

export default pipeline(
  'importer',
  { uri: required<string>(), folder: required<string>(), by: 'a parameter' },
  ({ uri, folder, by }) => {
    const one = importer<Dataset>({ uri, metadata: { by } });
    const other = importer<Dataset>({ uri: folder, metadata: { by: 'a constant' }, reimport: true });
    join({ one: one.outputs.artifact, other: other.outputs.artifact });
  },
);
