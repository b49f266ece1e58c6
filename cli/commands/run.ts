import { startRun } from '../../engine/index.ts';
import { defaultConcurrency } from '../compose.ts';
import { driveRun } from '../drive.ts';
import { prepareRun, type PipelineOptions } from '../run-request.ts';
import { resolveSettings } from '../settings.ts';
import { watchRuns } from '../watch.ts';

interface RunOptions extends PipelineOptions {
  readonly root?: string;
  readonly concurrency?: number;
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** Runs a pipeline; with --watch again whenever a file of it changes. */
export async function runCommand(file: string, options: RunOptions): Promise<void> {
  const settings = resolveSettings(file, options.root);
  const concurrency = options.concurrency ?? defaultConcurrency;
  const once = async (signal?: AbortSignal): Promise<{ status: number; readFiles: readonly string[] }> => {
    const { request, loaded } = await prepareRun(file, options, settings, concurrency);
    const status = await driveRun({
      settings,
      json: options.json === true,
      concurrency,
      ...(signal && { signal }),
      drive: (ports, drive) => startRun(request, ports, drive),
    });
    return { status, readFiles: loaded.readFiles };
  };
  if (options.watch === true) await watchRuns(file, once);
  else process.exitCode = (await once()).status;
}
