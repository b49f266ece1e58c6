import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from 'ferrule';

/** A photograph of the test. */
export interface TestPhotograph {
  /** `<class>/<file>`, inside the data set. */
  readonly path: string;
  /** Where it lies on this machine. */
  readonly file: string;
  readonly className: string;
}

/**
 * Lists a data set's photographs, `<class>/<file>`, in code-unit order of their paths.
 * @throws TaskError where the folder is missing or holds none
 */
export async function testPhotographs(folder: string): Promise<readonly TestPhotograph[]> {
  const classes = (await entriesOf(folder)).filter((entry) => entry.isDirectory());
  const photographs: TestPhotograph[] = [];
  for (const { name: className } of classes)
    for (const entry of await entriesOf(join(folder, className)))
      if (entry.isFile() && !entry.name.startsWith('.'))
        photographs.push({
          path: `${className}/${entry.name}`,
          file: join(folder, className, entry.name),
          className,
        });
  if (photographs.length === 0)
    throw new TaskError('the test data set holds no photographs', {
      fix: 'give a folder with one folder of photographs a class, as data_prep makes it',
    });
  return photographs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Checks that a model and a test speak of the same classes.
 * @throws TaskError naming the classes that only one of them has
 */
export function checkClasses(photographs: readonly TestPhotograph[], labels: readonly string[]): void {
  const found = new Set(photographs.map((photograph) => photograph.className));
  const unknown = [...found].filter((className) => !labels.includes(className));
  if (unknown.length > 0)
    throw new TaskError(`the model does not know ${quoted(unknown)}; it knows ${quoted(labels)}`, {
      fix: 'test with the classes that the model was trained on, or train it on these',
    });
  const missing = labels.filter((label) => !found.has(label));
  if (missing.length > 0)
    throw new TaskError(`the test has no photographs of ${quoted(missing)}`, {
      fix: 'add photographs of each class to the test: without them nothing can be said of it',
    });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new TaskError(`the test data set ${folder} cannot be read`, {
      fix: 'give the folder that data_prep made',
      cause,
    });
  }
}
