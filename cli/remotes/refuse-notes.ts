import { backendNotes, type Backend } from '../../compiler/backends/backend-notes.ts';
import { UserError, UserErrors } from '../../errors/index.ts';
import type { LoadedPipeline } from '../load-pipeline.ts';
import { placeOfTask } from '../tell-backend-notes.ts';

const names: Readonly<Record<Backend, string>> = { kfp: 'KFP', vertex: 'Vertex AI' };

/**
 * Refuses a pipeline that a backend could not run, before anything is sent.
 * @param size bytes of the document
 * @throws UserErrors FER8011 with each reason and its place
 */
export function refuseWhatCannotRun(loaded: LoadedPipeline, backend: Backend, size: number): void {
  const { compiled, placeOf } = loaded;
  const errors = backendNotes(compiled, backend, size).map(({ task, reason }) => {
    const at = task === undefined ? undefined : placeOfTask(task, placeOf);
    return new UserError('FER8011', {
      problem: `${names[backend]} cannot run ${task === undefined ? 'the pipeline' : `the task "${task}"`}: ${reason}`,
      fix: 'change it, or send it all the same with --force',
      ...(at !== undefined && { at }),
    });
  });
  if (errors.length > 0) throw new UserErrors(errors);
}
