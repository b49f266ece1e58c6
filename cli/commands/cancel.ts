import { openStores } from '../compose.ts';
import { findRun, readShownRun, type ShownStatus } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';

interface CancelOptions {
  readonly root?: string;
  readonly json?: boolean;
}

/** Asks whoever drives a run to cancel it. */
export async function cancelCommand(run: string, options: CancelOptions): Promise<void> {
  const { runs } = await openStores(resolveSettings('.', options.root));
  const runId = await findRun(runs, run);
  const { status } = await readShownRun(runs, runId);
  const asked = status === 'running';
  if (asked) await runs.requestCancel(runId, 'cancelled from the command line');
  const text =
    options.json === true ? JSON.stringify({ runId, status, asked }, null, 2) : words(runId, status);
  process.stdout.write(`${text}\n`);
}

function words(runId: string, status: ShownStatus): string {
  switch (status) {
    case 'running':
      return `run ${runId} will be cancelled`;
    case 'interrupted':
      return `run ${runId} was interrupted: nothing of it runs`;
    case 'cancelled':
      return `run ${runId} has already been cancelled`;
    case 'succeeded':
    case 'failed':
      return `run ${runId} has already ${status}`;
  }
}
