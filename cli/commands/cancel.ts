import { openStores } from '../compose.ts';
import { findRun, readShownRun } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';

/** Asks whoever drives a run to cancel it. */
export async function cancelCommand(run: string, options: { readonly root?: string }): Promise<void> {
  const { runs } = await openStores(resolveSettings('.', options.root));
  const runId = await findRun(runs, run);
  const { status } = await readShownRun(runs, runId);
  if (status === 'interrupted') {
    process.stdout.write(`run ${runId} was interrupted: nothing of it runs\n`);
    return;
  }
  if (status !== 'running') {
    process.stdout.write(`run ${runId} has already ${status === 'cancelled' ? 'been cancelled' : status}\n`);
    return;
  }
  await runs.requestCancel(runId, 'cancelled from the command line');
  process.stdout.write(`run ${runId} will be cancelled\n`);
}
