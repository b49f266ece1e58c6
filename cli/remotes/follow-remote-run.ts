/** Shows a run elsewhere until it has ended, and says how it did. */
import { startFold, type RunState } from '../../engine/run-state.ts';
import type { RemoteRun, RunService } from '../../remotes/ports.ts';
import { paintFor, type Paint } from '../color.ts';
import { exitStatus, openProgress } from '../drive.ts';
import { printJson } from '../print-json.ts';
import { formatFailure, headline } from '../progress/summary.ts';
import { resultOf } from '../result.ts';
import { remoteEvents, type StartedRun } from './remote-events.ts';

export interface FollowOptions {
  readonly json: boolean;
  /** Milliseconds between two looks. */
  readonly pause: number;
  /** Milliseconds to wait in all. */
  readonly timeout?: number;
}

/**
 * Waits for a run with progress, as for one of our own. Ctrl-C stops waiting; the run goes on.
 * @returns the exit status: 0 only for a run that succeeded
 */
export async function followRemoteRun(
  service: RunService,
  run: RemoteRun,
  started: StartedRun,
  { json, pause, timeout }: FollowOptions,
): Promise<number> {
  const progress = await openProgress(json);
  const fold = startFold();
  const next = remoteEvents(started);
  const show = (seen: RemoteRun): void => {
    for (const event of next(seen)) {
      fold.apply(event);
      progress.event(event);
    }
  };
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  let last = run;
  try {
    show(run);
    const missed = ({ message }: Error): void => void process.stderr.write(`${message}; waiting for it\n`);
    const options = {
      pause,
      missed,
      seen: show,
      signal: stop.signal,
      ...(timeout !== undefined && { timeout }),
    };
    last = await service.wait(run.id, options);
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    progress.close(fold.state());
  }
  const state = fold.state();
  const paint = paintFor(process.stdout, process.env);
  if (json) printJson({ ...resultOf(state, (uri) => uri), ...remoteFacts(service, last) });
  else process.stdout.write(`\n${summaryOf(state, last, paint)}\n`);
  if (stop.signal.aborted && state.status === 'running') {
    process.stderr.write(`the run ${run.id} goes on${last.link === undefined ? '' : `: ${last.link}`}\n`);
    return exitStatus.cancelled;
  }
  return exitStatus[state.status];
}

/** What `--json` says besides of a run elsewhere. */
export function remoteFacts(
  { backend, address }: RunService,
  { link, name }: RemoteRun,
): Record<string, string> {
  return { backend, address, name, ...(link !== undefined && { link }) };
}

function summaryOf(state: RunState, { link }: RemoteRun, paint: Paint): string {
  const lines = [headline(state, state.status, paint)];
  const failed = state.tasks.filter(({ status }) => status === 'failed');
  for (const { name, failure } of failed)
    if (failure !== undefined) lines.push('', formatFailure(name, failure, paint));
  if (failed.length === 0 && state.failure !== undefined)
    lines.push('', formatFailure('the run', state.failure, paint));
  if (link !== undefined) lines.push('', link);
  return lines.join('\n');
}
