import { component, int, pipeline, TaskError, type Dataset, type Int, type TaskContext } from 'ferrule';
import { fetchFile, fetchOne, listLocation } from 'ferrule/data';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate } from '../../components/eval/component.ts';
import { train } from '../../components/train/component.ts';

interface Inputs {
  /** A folder or bucket of photographs, in no order. */
  readonly photographs: string;
  /** A table that tells which is what: a line a photograph, `file,class`. */
  readonly labels: string;
}

interface Outputs {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
}

/**
 * Reads photographs whose classes stand in a table. The one part that knows where data comes from: a component that
 * gives these three outputs may take it from anywhere, and what follows stays as it is.
 */
export const labelledPhotographs = component(
  { reads: ['photographs', 'labels'] },
  async (
    { photographs, labels }: Inputs,
    out: Outputs,
    { scratch, signal }: TaskContext,
  ): Promise<{ images: Int }> => {
    const listing = await listLocation(photographs, { signal });
    if (listing.kind !== 'listed') throw new TaskError(`"${photographs}" is no place of photographs`);
    const table = await readFile(await fetchOne(labels, scratch, { signal }), 'utf8');
    const seen = new Map<string, number>();
    for (const line of table.trim().split('\n').slice(1)) {
      const [name = '', label = ''] = line.trim().split(',');
      const file = listing.files.find(({ path }) => path === name);
      if (file === undefined) throw new TaskError(`${labels} names "${name}", which is not there`);
      const nth = seen.get(label) ?? 0;
      seen.set(label, nth + 1);
      // Of eight of a class one goes to the test, one to the validation.
      const part = nth % 8 === 6 ? out.validation : nth % 8 === 7 ? out.test : out.train;
      await mkdir(join(part.path, label), { recursive: true });
      await copyFile(await fetchFile(listing, file, scratch, { signal }), join(part.path, label, name));
    }
    return { images: [...seen.values()].reduce((sum, count) => sum + count, 0) };
  },
);

/** The weather pipeline over data that lies in another form: `data_prep` is swapped, training and evaluation are the same. */
export default pipeline(
  'own-data',
  {
    photographs: 'examples/own-data/photographs',
    labels: 'examples/own-data/labels.csv',
    epochs: int(3),
  },
  ({ photographs, labels, epochs }) => {
    const data = labelledPhotographs({ photographs, labels });
    const trained = train({ train: data.outputs.train, validation: data.outputs.validation, epochs });
    const tested = evaluate({ model: trained.outputs.model, test: data.outputs.test });
    return { images: data.outputs.images, accuracy: tested.outputs.accuracy, model: trained.outputs.model };
  },
);
