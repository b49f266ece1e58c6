import { resumeRun } from '../../engine/index.ts';
import { UserError } from '../../errors/index.ts';
import { defaultConcurrency, openStores } from '../compose.ts';
import { driveRun } from '../drive.ts';
import { findRun } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';

interface ResumeOptions {
  readonly root?: string;
  readonly concurrency?: number;
  readonly json?: boolean;
  readonly force?: boolean;
}

/**
 * Goes on with a run where its log ends.
 * @throws UserError FER1005 where another process drives it, unless `--force` takes it over
 */
export async function resumeCommand(run: string, options: ResumeOptions): Promise<void> {
  const settings = resolveSettings('.', options.root);
  const { runs } = await openStores(settings);
  const runId = await findRun(runs, run);
  const driver = options.force === true ? undefined : await runs.driverOf(runId);
  if (driver !== undefined)
    throw new UserError('FER1005', {
      problem: `the run ${runId} goes on: process ${driver.pid} on ${driver.host} drives it`,
      fix: `wait for its end, or end it: ferrule cancel ${runId}; to take it over: ferrule resume ${runId} --force`,
    });
  const concurrency = options.concurrency ?? defaultConcurrency;
  process.exitCode = await driveRun({
    settings,
    json: options.json === true,
    concurrency,
    drive: (ports, drive) => resumeRun(runId, ports, { ...drive, concurrency }),
  });
}
