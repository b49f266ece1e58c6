/** `resume --in-cluster`: what the pod of a driver's Job runs. Its exit status tells the Job whether to start another. */
import { setTimeout as wait } from 'node:timers/promises';
import { resumeRun } from '../engine/index.ts';
import type { RunStore } from '../engine/ports.ts';
import { InfrastructureError, UserError } from '../errors/index.ts';
import { driverStatus } from '../runners/kubernetes/driver/driver-job.ts';
import { concurrencyOf, openStores } from './compose.ts';
import { driveRun, exitStatus } from './drive.ts';
import { reportFailure } from './failure.ts';
import { readRun } from './find-run.ts';
import type { ResumeOptions } from './commands/resume.ts';
import { chooseRunner } from './runner-choice.ts';
import { resolveSettings } from './settings.ts';

/** Milliseconds for which a driver that was killed may still seem to be there: what it said last counts for a while. */
const patience = 75_000;

/**
 * Drives a run to its end, or until the pod is asked to leave.
 * @returns the exit status, of `driverStatus`
 */
export async function driveInCluster(runId: string, options: ResumeOptions): Promise<number> {
  try {
    const settings = resolveSettings('.', options.root);
    const { runs } = await openStores(settings);
    await untilNobodyDrives(runId, runs);
    const { status } = await readRun(runs, runId);
    // The driver before this one died after it had written the end.
    if (status !== 'running') return exitStatus[status];
    const runner = await chooseRunner({ ...options, runner: 'kubernetes' }, settings);
    const concurrency = concurrencyOf(runner, options.concurrency);
    return await driveRun({
      settings,
      json: false,
      runner,
      concurrency,
      replaceable: true,
      drive: (ports, drive) => resumeRun(runId, ports, { ...drive, concurrency, heedCancel: true }),
    });
  } catch (error) {
    reportFailure(error, false);
    return error instanceof InfrastructureError && error.retryable
      ? driverStatus.trouble
      : driverStatus.failed;
  }
}

async function untilNobodyDrives(runId: string, runs: RunStore): Promise<void> {
  const from = Date.now();
  for (;;) {
    const driver = await runs.driverOf(runId);
    if (driver === undefined) return;
    if (Date.now() - from > patience)
      throw new UserError('FER1005', {
        problem: `the run ${runId} goes on: process ${driver.pid} on ${driver.host} drives it`,
        fix: 'leave it to that one',
      });
    await wait(2000);
  }
}
