import { backendNotes, type Backend } from '../../compiler/backends/backend-notes.ts';
import { UserError, UserErrors } from '../../errors/index.ts';
import type { LoadedPipeline } from '../load-pipeline.ts';
import type { Settings } from '../settings.ts';
import { placeOfTask } from '../tell-backend-notes.ts';
import { openKfp, type KfpFlags } from './open-remotes.ts';

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

/**
 * Refuses what KFP could not run, unless the server that is to run it is Ferrule's own, which judges for itself.
 * @throws UserErrors FER8011 with each reason and its place
 */
export async function refuseWhatKfpCannotRun(
  settings: Settings,
  flags: KfpFlags,
  loaded: LoadedPipeline,
  size: number,
): Promise<void> {
  if (backendNotes(loaded.compiled, 'kfp', size).length === 0) return;
  if (!(await isFerruleServer(settings, flags))) refuseWhatCannotRun(loaded, 'kfp', size);
}

async function isFerruleServer(settings: Settings, flags: KfpFlags): Promise<boolean> {
  const { kfpHealth } = await import('../../remotes/kfp/health.ts');
  const http = await openKfp(settings, flags);
  try {
    return (await kfpHealth(http)).ferrule !== undefined;
  } catch {
    // One that does not answer is taken for KFP: what is wrong with the pipeline is known without it.
    return false;
  } finally {
    await http.close();
  }
}
