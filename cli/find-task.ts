/** Finds tasks by what a person types for them. */
import { UserError } from '../errors/index.ts';

interface Named {
  readonly name: string;
}

/** Most names in a message. */
const mostNamed = 20;

/**
 * Finds the tasks that `text` means: the one of that path, all in the group, loop or iteration of that path, or those
 * whose path ends with it.
 * @throws UserError FER1003 where there is none
 */
export function findTasks<T extends Named>(runId: string, text: string, tasks: readonly T[]): readonly T[] {
  const exact = tasks.filter(({ name }) => name === text);
  const inside = tasks.filter(({ name }) => name.startsWith(`${text}/`));
  if (exact.length + inside.length > 0) return [...exact, ...inside];
  const ending = tasks.filter(({ name }) => name.endsWith(`/${text}`));
  if (ending.length > 0) return ending;
  throw new UserError('FER1003', {
    problem: `run ${runId} has no task "${text}"`,
    fix: `it has ${someNames(tasks)}`,
  });
}

/** Tells whether what a person typed can mean a task. */
export function means(text: string, task: string): boolean {
  return task === text || task.startsWith(`${text}/`) || task.endsWith(`/${text}`);
}

/**
 * Finds the one task that `text` means: the one of that path, or the only one whose path ends with it.
 * @throws UserError FER1003 where there is none, or more than one
 */
export function findTask(runId: string, text: string, tasks: readonly Named[]): string {
  if (tasks.some(({ name }) => name === text)) return text;
  const [only, ...others] = findTasks(runId, text, tasks);
  if (only === undefined || others.length === 0) return only?.name ?? text;
  throw new UserError('FER1003', {
    problem: `"${text}" may mean ${someNames([only, ...others])}`,
    fix: 'write the whole path of one of them',
  });
}

function someNames(tasks: readonly Named[]): string {
  const names = tasks.slice(0, mostNamed).map(({ name }) => name);
  const more = tasks.length - names.length;
  return `${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
