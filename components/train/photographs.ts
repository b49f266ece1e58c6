import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError, type Dataset } from 'ferrule';

/** A photograph on this machine, and the place of its class in the list of classes. */
export interface Photograph {
  readonly path: string;
  readonly label: number;
}

/** Photographs of both datasets under one list of classes. */
export interface Photographs {
  /** Names of the classes, in code-unit order or as the data says. */
  readonly classes: readonly string[];
  readonly train: readonly Photograph[];
  readonly validation: readonly Photograph[];
}

/**
 * Lists the photographs of two datasets, each a folder `<class>/<file>`, in code-unit order of their paths: the order
 * of the folder's listing never matters.
 * @throws TaskError where a dataset is empty, there are fewer than two classes, or a class has nothing to train on
 */
export async function listPhotographs(train: Dataset, validation: Dataset): Promise<Photographs> {
  const forTrain = await filesByClass(train);
  const forValidation = await filesByClass(validation);
  const classes = statedClasses(train) ?? union(forTrain, forValidation);
  const unknown = [...forTrain.keys(), ...forValidation.keys()].find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw new TaskError(`the class "${unknown}" is not one of the classes the data names`, {
      fix: `its metadata names ${classes.join(', ')}: make both say the same`,
    });
  if (classes.length < 2)
    throw new TaskError(
      `there is ${classes.length === 0 ? 'no class' : `one class alone, "${classes[0] ?? ''}"`}: a classifier needs two`,
      { fix: 'give one folder for each class' },
    );
  const bare = classes.find((name) => (forTrain.get(name) ?? []).length === 0);
  if (bare !== undefined)
    throw new TaskError(`the class "${bare}" has no photographs to train on`, {
      fix: 'add some, or leave the class out',
    });
  const labelled = (files: ReadonlyMap<string, readonly string[]>): Photograph[] =>
    classes.flatMap((name, label) => (files.get(name) ?? []).map((path) => ({ path, label })));
  return { classes, train: labelled(forTrain), validation: labelled(forValidation) };
}

async function filesByClass(dataset: Dataset): Promise<Map<string, string[]>> {
  const folders = await entriesOf(dataset.path, dataset.name);
  const files = new Map<string, string[]>();
  for (const folder of folders) {
    if (!folder.isDirectory()) continue;
    const place = join(dataset.path, folder.name);
    const entries = await entriesOf(place, dataset.name);
    const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
    files.set(
      folder.name,
      names.map((name) => join(place, name)),
    );
  }
  if ([...files.values()].every((names) => names.length === 0))
    throw new TaskError(`the dataset "${dataset.name}" holds no photographs`, {
      fix: 'give a folder with one folder for each class in it',
    });
  return files;
}

async function entriesOf(
  path: string,
  dataset: string,
): Promise<{ readonly name: string; isDirectory(): boolean }[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new TaskError(`the dataset "${dataset}" cannot be read: there is no folder ${path}`, {
      fix: 'give a folder with one folder for each class in it',
      cause,
    });
  }
}

/** The classes that the dataset's metadata names, where it does. */
function statedClasses(dataset: Dataset): readonly string[] | undefined {
  const stated = dataset.metadata['classes'];
  if (!Array.isArray(stated)) return undefined;
  return stated.filter((name) => typeof name === 'string');
}

function union(...maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))].sort();
}
