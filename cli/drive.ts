/** Drives a run from the command line: progress, Ctrl-C, the summary, the exit status. */
import type { EnginePorts } from '../engine/ports.ts';
import type { DriveOptions } from '../engine/request.ts';
import type { RunState } from '../engine/run-state.ts';
import { paintFor } from './color.ts';
import { openWorkbench, type Workbench } from './compose.ts';
import type { Progress } from './progress/progress.ts';
import { plainProgress } from './progress/plain-progress.ts';
import { summaryOf } from './progress/summary.ts';
import { resultOf } from './result.ts';
import type { Settings } from './settings.ts';
import { printJson } from './print-json.ts';

export interface DriveRequest {
  readonly settings: Settings;
  readonly json: boolean;
  readonly concurrency: number;
  /** Aborted to cancel the run from elsewhere in the program. */
  readonly signal?: AbortSignal;
  /** Starts or resumes the run. */
  readonly drive: (ports: EnginePorts, options: DriveOptions) => Promise<RunState>;
}

/** The exit statuses of `run` and `resume`. */
const exitStatus = { succeeded: 0, failed: 1, running: 1, cancelled: 130 } as const;

/**
 * Drives a run to its end and says how it ended.
 * @returns the exit status: 0 only for a run that succeeded
 */
export async function driveRun(request: DriveRequest): Promise<number> {
  const progress = await openProgress(request.json);
  const cancel = new AbortController();
  const cancelled = (): void => cancel.abort();
  request.signal?.addEventListener('abort', cancelled, { once: true });
  const stopListening = listenForInterrupts(cancel);
  let workbench: Workbench | undefined;
  let state: RunState | undefined;
  try {
    workbench = await openWorkbench(request.settings, progress, request.concurrency);
    state = await request.drive(workbench.ports, { signal: cancel.signal });
  } finally {
    progress.close(state);
    stopListening();
    request.signal?.removeEventListener('abort', cancelled);
    await workbench?.close();
  }
  const { artifacts } = workbench.root;
  const locate = (uri: string): string => artifacts.locate(uri);
  if (request.json) printJson(resultOf(state, locate));
  else process.stdout.write(`\n${summaryOf(state, locate, paintFor(process.stdout, process.env))}\n`);
  return exitStatus[state.status];
}

async function openProgress(json: boolean): Promise<Progress> {
  const stream = json ? process.stderr : process.stdout;
  const paint = paintFor(stream, process.env);
  if (!json && stream.isTTY && stream.columns > 0) {
    const { liveProgress } = await import('./progress/live-progress.ts');
    return liveProgress(stream, paint);
  }
  return plainProgress((text) => stream.write(text), paint);
}

/** The first interrupt cancels the run cleanly; a second one ends the program, and workers with it. */
function listenForInterrupts(cancel: AbortController): () => void {
  const onSignal = (): void => {
    if (cancel.signal.aborted) process.exit(130);
    process.stderr.write('\ncancelling; press Ctrl-C again to stop at once\n');
    cancel.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
