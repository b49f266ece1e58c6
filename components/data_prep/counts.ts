import { groupedBy } from './grouped.ts';
import type { Placed } from './photograph.ts';

/** How many photographs of one class each part has. */
export interface ClassCount {
  readonly className: string;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** Counts photographs a class and part, classes in code-unit order. */
export function countByClass(placed: readonly Placed[]): readonly ClassCount[] {
  const classes = groupedBy(placed, ({ photograph }) => photograph.className);
  return [...classes.keys()].sort().map((className) => {
    const members = classes.get(className) ?? [];
    const of = (part: Placed['part']): number => members.filter((entry) => entry.part === part).length;
    return { className, train: of('train'), validation: of('validation'), test: of('test') };
  });
}
