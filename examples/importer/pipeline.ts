import { component, importer, pipeline, required, type Dataset } from 'ferrule';
import { readFile } from 'node:fs/promises';

/** Adds up a column. */
export const total = component(
  {},
  async ({ data }: { data: Dataset }): Promise<{ rain: number; about: string }> => {
    const [, ...lines] = (await readFile(data.path, 'utf8')).trim().split('\n');
    const rain = lines.reduce((sum, line) => sum + Number(line.split(',')[1]), 0);
    return { rain, about: JSON.stringify(data.metadata) };
  },
);

/**
 * Reads data that lies outside: `--param where=$PWD/examples/importer/measurements.csv`. It is digested in each run, so that
 * what depends on it is cached by its content: change the file, and run again.
 */
export default pipeline('importer', { where: required<string>(), station: 'Dell' }, ({ where, station }) => {
  const data = importer<Dataset>({ uri: where, metadata: { station } });
  const { rain, about } = total({ data: data.outputs.artifact }).outputs;
  return { rain, about };
});
