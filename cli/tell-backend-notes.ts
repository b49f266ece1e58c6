/** Says on standard error what a backend could not run of a pipeline, with the place of each task. */
import type { Backend } from '../compiler/index.ts';
import { compareLocations, type Location } from '../errors/index.ts';
import type { CompiledPipeline } from '../spec/platform-spec.ts';
import { paintFor } from './color.ts';

export type { Backend } from '../compiler/index.ts';

/**
 * Lists the notes of a backend, one line each.
 * @param size bytes of the document
 * @param placeOf where a task was made, by its path
 */
export async function tellBackendNotes(
  compiled: CompiledPipeline,
  backend: Backend,
  size: number,
  placeOf: (task: string) => Location | undefined,
): Promise<void> {
  const { backendNotes } = await import('../compiler/index.ts');
  const paint = paintFor(process.stderr, process.env);
  const notes = backendNotes(compiled, backend, size).map(({ task, reason }) => ({
    reason,
    task: task ?? compiled.spec.pipelineInfo.name,
    at: task === undefined ? undefined : placeOfTask(task, placeOf),
  }));
  for (const { task, reason, at } of notes.toSorted((a, b) => compareLocations(a.at, b.at))) {
    const place = at?.line === undefined ? '' : `${at.file}:${at.line}:${at.column ?? 1}: `;
    process.stderr.write(`${paint('yellow', backend)}: ${place}${task}: ${reason}\n`);
  }
  if (notes.length === 0) process.stderr.write(`${backend} can run all of it\n`);
}

/** Tells where a task of the compiled pipeline was made. */
export function placeOfTask(
  task: string,
  placeOf: (task: string) => Location | undefined,
): Location | undefined {
  return placeOf(task) ?? placeOf(withoutGroups(task));
}

/** A source knows tasks by name; the loops and branches that they stand in have none there. */
function withoutGroups(task: string): string {
  const group = /^(?:condition|condition-branches|for-loop|exit-handler)-\d+$/;
  return task
    .split('/')
    .filter((name) => !group.test(name))
    .join('/');
}
