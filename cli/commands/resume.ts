import { eventsOf, resumeRun } from '../../engine/index.ts';
import { foldRun } from '../../engine/run-state.ts';
import { UserError } from '../../errors/index.ts';
import { concurrencyOf, openStores } from '../compose.ts';
import { driveRun } from '../drive.ts';
import { findRun } from '../find-run.ts';
import { refuseOpenElsewhere } from '../open-attempts.ts';
import { chooseRunner, runnerKinds, type RunnerFlags } from '../runner-choice.ts';
import { resolveSettings } from '../settings.ts';

export interface ResumeOptions extends RunnerFlags {
  readonly root?: string;
  readonly concurrency?: number;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly inCluster?: boolean;
}

/**
 * Goes on with a run where its log ends, on the kind of runner that it was last driven with.
 * @throws UserError FER1005 where another process drives it, FER1007 where attempts of it may go on on another runner;
 * `--force` overrules both
 */
export async function resumeCommand(run: string, options: ResumeOptions): Promise<void> {
  if (options.inCluster === true) {
    const { driveInCluster } = await import('../cluster-driver.ts');
    process.exitCode = await driveInCluster(run, options);
    return;
  }
  const settings = resolveSettings('.', options.root);
  const { runs } = await openStores(settings);
  const runId = await findRun(runs, run);
  const driver = options.force === true ? undefined : await runs.driverOf(runId);
  if (driver !== undefined)
    throw new UserError('FER1005', {
      problem: `the run ${runId} goes on: process ${driver.pid} on ${driver.host} drives it`,
      fix: `wait for its end, or end it: ferrule cancel ${runId}; to take it over: ferrule resume ${runId} --force`,
    });
  const events = await eventsOf(runs.log(runId));
  const before = foldRun(events).runner;
  const runner = await chooseRunner(
    options,
    settings,
    runnerKinds.find((kind) => kind === before),
  );
  if (options.force !== true) refuseOpenElsewhere(events, runner.kind, runId);
  const concurrency = concurrencyOf(runner, options.concurrency);
  process.exitCode = await driveRun({
    settings,
    json: options.json === true,
    runner,
    concurrency,
    drive: (ports, drive) => resumeRun(runId, ports, { ...drive, concurrency }),
  });
}
