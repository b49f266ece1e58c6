import { startRun } from '../../engine/index.ts';
import { concurrencyOf } from '../compose.ts';
import { driveRun } from '../drive.ts';
import { prepareRun, type PipelineOptions } from '../run-request.ts';
import { chooseRunner, type RunnerFlags } from '../runner-choice.ts';
import { resolveSettings } from '../settings.ts';
import { tellWarnings } from '../tell-warnings.ts';
import { watchRuns } from '../watch.ts';

interface RunOptions extends PipelineOptions, RunnerFlags {
  readonly root?: string;
  readonly concurrency?: number;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly detach?: boolean;
}

/** Runs a pipeline; with --watch again whenever a file of it changes, with --detach in the cluster alone. */
export async function runCommand(file: string, options: RunOptions): Promise<void> {
  const settings = resolveSettings(file, options.root);
  const runner = await chooseRunner(options, settings);
  const concurrency = concurrencyOf(runner, options.concurrency);
  if (options.detach === true) {
    const { detachRun } = await import('../detach.ts');
    await detachRun({ file, options, settings, runner, concurrency });
    return;
  }
  const once = async (signal?: AbortSignal): Promise<{ status: number; readFiles: readonly string[] }> => {
    const { request, loaded } = await prepareRun(file, options, settings, concurrency);
    // The local runner takes the code from the sources, whatever images hold.
    if (runner.kind !== 'local') tellWarnings(loaded.warnings);
    const status = await driveRun({
      settings,
      json: options.json === true,
      runner,
      concurrency,
      ...(signal && { signal }),
      drive: (ports, drive) => startRun(request, ports, drive),
    });
    return { status, readFiles: loaded.readFiles };
  };
  if (options.watch === true) await watchRuns(file, once);
  else process.exitCode = (await once()).status;
}
