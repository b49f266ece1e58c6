import { resumeRun } from '../../engine/index.ts';
import { defaultConcurrency, openStores } from '../compose.ts';
import { driveRun } from '../drive.ts';
import { findRun } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';

interface ResumeOptions {
  readonly root?: string;
  readonly concurrency?: number;
  readonly json?: boolean;
}

/** Goes on with a run where its log ends. */
export async function resumeCommand(run: string, options: ResumeOptions): Promise<void> {
  const settings = resolveSettings('.', options.root);
  const runId = await findRun((await openStores(settings)).runs, run);
  const concurrency = options.concurrency ?? defaultConcurrency;
  process.exitCode = await driveRun({
    settings,
    json: options.json === true,
    concurrency,
    drive: (ports, drive) => resumeRun(runId, ports, { ...drive, concurrency }),
  });
}
