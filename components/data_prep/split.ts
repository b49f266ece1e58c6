import { createHash } from 'node:crypto';
import { TaskError } from 'ferrule';
import { groupedBy } from './grouped.ts';
import type { Part, Photograph, Placed } from './photograph.ts';

export interface SplitOptions {
  readonly seed: number;
  /** Share of each class that goes to validation, between 0 and 1. */
  readonly validationShare: number;
  /** Share of each class that goes to the test, between 0 and 1. */
  readonly testShare: number;
  /** Fewest photographs a class may have. At least 3, one for each part. */
  readonly minimumPerClass: number;
}

/** A class must be in all three parts. */
const fewest = 3;

/**
 * Splits each class by itself into train, validation and test, so that every part has the classes in equal shares and
 * at least one photograph of each. The order within a class is that of a hash over seed, class and content: neither
 * names, nor places, nor the order of listing, nor other classes have a say.
 * @throws TaskError for shares or a minimum that make no sense, fewer than two classes, or a class with too few photographs
 */
export function split(photographs: readonly Photograph[], options: SplitOptions): readonly Placed[] {
  checkOptions(options);
  const classes = groupedBy(photographs, (photograph) => photograph.className);
  checkClasses(classes, options);
  return [...classes.values()].flatMap((members) => splitClass(members, options));
}

/** Tells how many of `count` photographs go to each part; every part gets at least one. */
function shares(
  count: number,
  { validationShare, testShare }: Pick<SplitOptions, 'validationShare' | 'testShare'>,
): Readonly<Record<Part, number>> {
  const test = Math.min(count - 2, Math.max(1, Math.round(count * testShare)));
  const validation = Math.min(count - 1 - test, Math.max(1, Math.round(count * validationShare)));
  return { train: count - test - validation, validation, test };
}

function splitClass(members: readonly Photograph[], options: SplitOptions): Placed[] {
  const { test, validation } = shares(members.length, options);
  const ranked = members
    .map((photograph) => ({ photograph, rank: rankOf(photograph, options.seed) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.map(({ photograph }, index) => ({
    photograph,
    part: index < test ? 'test' : index < test + validation ? 'validation' : 'train',
  }));
}

function rankOf({ className, digest }: Photograph, seed: number): string {
  return createHash('sha256').update(`${seed}\n${className}\n${digest}`).digest('hex');
}

function checkOptions({ validationShare, testShare, minimumPerClass }: SplitOptions): void {
  if (!(validationShare > 0 && testShare > 0 && validationShare + testShare < 1))
    throw new TaskError(
      `validationShare ${validationShare} and testShare ${testShare} leave no photographs for one of the parts`,
      { fix: 'give shares above 0 that sum to less than 1, such as 0.15 and 0.15' },
    );
  if (!Number.isInteger(minimumPerClass) || minimumPerClass < fewest)
    throw new TaskError(`minimumPerClass is ${minimumPerClass}`, {
      fix: `give a whole number from ${fewest} on: train, validation and test need one photograph each`,
    });
}

function checkClasses(
  classes: ReadonlyMap<string, readonly Photograph[]>,
  { minimumPerClass }: SplitOptions,
): void {
  const names = [...classes.keys()];
  if (names.length < 2)
    throw new TaskError(
      names.length === 0
        ? 'no class has a readable photograph'
        : `there is one class only, "${names.join()}", and a classifier needs two`,
      { fix: 'put the photographs of each class into a folder of its own; name the folder that holds those' },
    );
  const small = [...classes].filter(([, members]) => members.length < minimumPerClass);
  if (small.length > 0)
    throw new TaskError(
      `too few photographs: ${small.map(([name, { length }]) => `class "${name}" has ${length}`).join(', ')}; each class needs ${minimumPerClass}`,
      { fix: 'add photographs to the class, or move its folder away; the log lists what was left out' },
    );
}
