/** Drives a run from the command line: progress, Ctrl-C, the summary, the exit status. */
import type { EnginePorts } from '../engine/ports.ts';
import type { DriveOptions } from '../engine/request.ts';
import type { RunState } from '../engine/run-state.ts';
import { messageOf } from '../errors/index.ts';
import { paintFor } from './color.ts';
import { openWorkbench, type Workbench } from './compose.ts';
import type { Progress } from './progress/progress.ts';
import { plainProgress } from './progress/plain-progress.ts';
import { summaryOf } from './progress/summary.ts';
import { resultOf } from './result.ts';
import type { RunnerChoice } from './runner-choice.ts';
import type { Settings } from './settings.ts';
import { printJson } from './print-json.ts';

export interface DriveRequest {
  readonly settings: Settings;
  readonly json: boolean;
  readonly runner: RunnerChoice;
  readonly concurrency: number;
  /** Whether SIGTERM only lets go of the run: another driver, of the same Job, goes on with it. @default false */
  readonly replaceable?: boolean;
  /** Aborted to cancel the run from elsewhere in the program. */
  readonly signal?: AbortSignal;
  /** Starts or resumes the run. */
  readonly drive: (ports: EnginePorts, options: DriveOptions) => Promise<RunState>;
}

/** The exit statuses of `run` and `resume`. A run that goes on was let go of. */
export const exitStatus = { succeeded: 0, failed: 1, running: 143, cancelled: 130 } as const;

/**
 * Drives a run to its end and says how it ended.
 * @returns the exit status: 0 only for a run that succeeded
 */
export async function driveRun(request: DriveRequest): Promise<number> {
  const progress = await openProgress(request.json);
  const cancel = new AbortController();
  const cancelled = (): void => cancel.abort();
  request.signal?.addEventListener('abort', cancelled, { once: true });
  const release = new AbortController();
  const stopListening = listenForInterrupts(cancel, request.replaceable === true ? release : cancel);
  let workbench: Workbench | undefined;
  let state: RunState | undefined;
  try {
    const { settings, runner, concurrency } = request;
    workbench = await openWorkbench(settings, progress, runner, concurrency);
    state = await request.drive(workbench.ports, { signal: cancel.signal, release: release.signal });
    if (state.status !== 'running') await tidied(workbench, state);
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

/** Removes what a run left on its platform; what stays for now, its platform removes in time. */
async function tidied(workbench: Workbench, { runId, status }: RunState): Promise<void> {
  try {
    await workbench.sweep(runId, status);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
  }
}

/** Opens the view that fits where the output goes. */
export async function openProgress(json: boolean): Promise<Progress> {
  const stream = json ? process.stderr : process.stdout;
  const paint = paintFor(stream, process.env);
  if (!json && stream.isTTY && stream.columns > 0) {
    const { liveProgress } = await import('./progress/live-progress.ts');
    return liveProgress(stream, paint);
  }
  return plainProgress((text) => stream.write(text), paint);
}

/** Milliseconds in which signals are one wish: npm and timeout pass on what the terminal sends to all by itself. */
const sameWish = 400;

/**
 * The first interrupt cancels the run cleanly; a second one ends the program, and workers with it.
 * @param onTerm what SIGTERM aborts: the same, or what lets go of the run
 */
export function listenForInterrupts(cancel: AbortController, onTerm: AbortController): () => void {
  let firstAt = 0;
  const interrupted = (): void => {
    if (cancel.signal.aborted) {
      if (performance.now() - firstAt > sameWish) process.exit(130);
      return;
    }
    firstAt = performance.now();
    process.stderr.write('\ncancelling; press Ctrl-C again to stop at once\n');
    cancel.abort();
  };
  const terminated = (): void => {
    if (onTerm === cancel) interrupted();
    else {
      process.stderr.write('letting go of the run: the next driver goes on with it\n');
      onTerm.abort();
    }
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', terminated);
  return () => {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', terminated);
  };
}
