import { eventsOf, resumeRun } from '../../engine/index.ts';
import type { RunState } from '../../engine/run-state.ts';
import { concurrencyOf, openStores } from '../compose.ts';
import { driveRun } from '../drive.ts';
import { findRun, readShownRun, type ShownStatus } from '../find-run.ts';
import { outliving } from '../open-attempts.ts';
import { chooseRunner, runnerKinds, type RunnerFlags } from '../runner-choice.ts';
import { printJson } from '../print-json.ts';
import { resolveSettings } from '../settings.ts';

interface CancelOptions extends RunnerFlags {
  readonly root?: string;
  readonly json?: boolean;
}

/**
 * Asks whoever drives a run to cancel it. Where nobody does and tasks of it may still run on their platform, it is
 * taken up here, and cancelled.
 */
export async function cancelCommand(run: string, options: CancelOptions): Promise<void> {
  const settings = resolveSettings('.', options.root);
  const { runs } = await openStores(settings);
  const runId = await findRun(runs, run);
  const { status, state } = await readShownRun(runs, runId);
  const [left] = status === 'interrupted' ? outliving(await eventsOf(runs.log(runId))) : [];
  const asked = status === 'running' || left !== undefined;
  const again =
    status === 'running' && (await eventsOf(runs.log(runId))).some(({ kind }) => kind === 'cancel-requested');
  if (asked) await runs.requestCancel(runId, 'cancelled from the command line');
  if (left === undefined) {
    if (options.json === true) printJson({ runId, status, asked });
    else process.stdout.write(`${words(runId, status, exitsOf(state, again))}\n`);
    return;
  }
  const runner = await chooseRunner(
    options,
    settings,
    runnerKinds.find((kind) => kind === left.runner),
  );
  const exitStatus = await driveRun({
    settings,
    json: options.json === true,
    runner,
    concurrency: concurrencyOf(runner, undefined),
    drive: (ports, drive) => resumeRun(runId, ports, { ...drive, heedCancel: true }),
  });
  // That it is cancelled is what was wanted.
  process.exitCode = exitStatus === 130 ? 0 : exitStatus;
}

/** What becomes of the exit tasks of a run that is cancelled, as the end of a sentence. */
function exitsOf({ tasks }: RunState, again: boolean): string {
  const left = tasks.some(
    ({ exit, status }) => exit === true && (status === 'waiting' || status === 'running'),
  );
  if (!left) return '';
  return again ? ', its exit task too' : '; its exit task still runs: cancel once more to end that too';
}

function words(runId: string, status: ShownStatus, exits: string): string {
  switch (status) {
    case 'running':
      return `run ${runId} will be cancelled${exits}`;
    case 'interrupted':
      return `run ${runId} was interrupted: nothing of it runs`;
    case 'cancelled':
      return `run ${runId} has already been cancelled`;
    case 'succeeded':
    case 'failed':
      return `run ${runId} has already ${status}`;
  }
}
