/** Follows a container from its start to its end, through restarts of the engine too. */
import { setTimeout as wait } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import type { Attempt, AttemptSink, Outcome } from '../../engine/ports.ts';
import { removeOutputs } from '../../executor/remove-outputs.ts';
import { secretMask } from '../../executor/secret-mask.ts';
import { timeoutFailure } from '../../executor/timeout-failure.ts';
import { runnerFailure } from './attempt-failure.ts';
import { containerLog, type ContainerLog } from './container-log.ts';
import { labels, type ContainerRequest } from './container-request.ts';
import { outcomeOf } from './ended-container.ts';
import type { EngineConnection } from './engine.ts';
import { isGone, noEngine, statusOf } from './engine-error.ts';
import type { ResolvedOptions } from './options.ts';
import { watchForEnd } from './ordered-end.ts';

export interface Watch {
  readonly container: Dockerode.Container;
  readonly attempt: Attempt;
  readonly request: Pick<ContainerRequest, 'memory' | 'secrets'>;
  readonly sink: AttemptSink;
  readonly connection: EngineConnection;
  readonly options: ResolvedOptions;
}

/**
 * Waits for the end of a container that was started, and removes it. When it resolves, no process of the attempt
 * runs, unless the attempt was let go of.
 */
export async function watchContainer(watch: Watch): Promise<Outcome> {
  const outcome = await outcomeIn(watch);
  // What a component that knows secrets wrote before it failed was not searched for them.
  if (outcome.kind === 'failed' && watch.request.secrets.length > 0) await removeOutputs(watch.attempt.input);
  return outcome;
}

async function outcomeIn(watch: Watch): Promise<Outcome> {
  const { container, attempt, request, sink, options } = watch;
  const info = await container.inspect();
  const notes = notesOf(info.Config.Labels[labels.notes]);
  const log = containerLog(container, sink, secretMask(request.secrets), notes);
  const end = watchForEnd(attempt, container, options.grace, Date.parse(info.State.StartedAt));
  sink.progress({ kind: 'running' });
  try {
    const state = await untilEnd(watch, log, end.released);
    const ordered = end.settle();
    if (ordered === 'released' || state.kind === 'released') return { kind: 'cancelled' };
    if (state.kind === 'removed')
      return ordered === 'cancelled'
        ? { kind: 'cancelled' }
        : { kind: 'lost', reason: 'its container was removed' };
    const outcome =
      ordered === undefined
        ? await outcomeOf(attempt, request, { ...state, lastWords: log.lastWords }, options.sourceMaps)
        : ordered === 'cancelled'
          ? ({ kind: 'cancelled' } as const)
          : ({ kind: 'failed', failure: timeoutFailure(attempt) } as const);
    await removeContainer(container);
    if (state.engineWentAway && outcome.kind === 'failed' && ordered === undefined)
      return { kind: 'lost', reason: 'the Docker engine was restarted while it ran' };
    return outcome;
  } catch (thrown) {
    return { kind: 'failed', failure: runnerFailure(thrown) };
  } finally {
    end.settle();
    log.stop();
  }
}

type Ended =
  | {
      readonly kind: 'exited';
      readonly exitCode: number;
      readonly ranOutOfMemory: boolean;
      readonly engineWentAway: boolean;
    }
  | { readonly kind: 'removed' }
  | { readonly kind: 'released' };

/** How long a log may end after its container, or before it, in milliseconds. */
const lag = 1000;

async function untilEnd(watch: Watch, log: ContainerLog, letGo: AbortSignal): Promise<Ended> {
  const { container, attempt, connection, options } = watch;
  let engineWentAway = false;
  while (!letGo.aborted) {
    try {
      await endOrBreak(container, log, letGo);
      const { State: state } = await container.inspect();
      if (state.Running || state.Restarting) {
        await wait(lookAgain);
        continue;
      }
      await log.finish();
      // An engine that is busy may write a container's last words after it has said that it ended: here they matter.
      if (state.ExitCode !== 0) await wait(settling).then(() => log.finish());
      if (wasStopped(state) && !attempt.signal.aborted && (await connection.goesAway(shutdown))) {
        engineWentAway = true;
        // To remove the container; its outcome is known.
        await connection.comesBack(options.patience, letGo);
      }
      return { kind: 'exited', exitCode: state.ExitCode, ranOutOfMemory: state.OOMKilled, engineWentAway };
    } catch (thrown) {
      if (letGo.aborted) break;
      if (statusOf(thrown) === 404 || statusOf(thrown) === 409) return { kind: 'removed' };
      if (!isGone(thrown)) throw thrown;
      engineWentAway = true;
      if (!(await connection.comesBack(options.patience, letGo))) {
        if (letGo.aborted) break;
        throw noEngine(`its address for ${options.patience / 1000} s`, thrown);
      }
    }
  }
  return { kind: 'released' };
}

/** How long an engine has to write down the last words of a container that failed, in milliseconds. */
const settling = 300;

/** How soon a container is looked at again whose log broke off, in milliseconds. */
const lookAgain = 500;

/**
 * Passes the log on until the container has ended, or the engine is gone: a wait that was answered in part never
 * settles then, and a log ends in both cases.
 */
async function endOrBreak(
  container: Dockerode.Container,
  log: ContainerLog,
  letGo: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const abortSignal = AbortSignal.any([letGo, over.signal]);
  const followed = log.follow().catch(() => undefined);
  const waited = container.wait({ condition: 'not-running', abortSignal });
  waited.catch(() => undefined);
  try {
    await Promise.race([followed, waited]);
    const late = wait(lag, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all([followed, waited]), late]);
  } finally {
    over.abort();
    log.stop();
  }
}

/** How long an engine may take to end itself once it has stopped its containers, in milliseconds. */
const shutdown = 2000;

/** Whether something asked the container to end: an engine does so with all of them before it ends itself. */
function wasStopped(state: { readonly ExitCode: number; readonly OOMKilled: boolean }): boolean {
  return (state.ExitCode === 143 || state.ExitCode === 137) && !state.OOMKilled;
}

/** Removes a container, and is content where it is gone or going. */
export async function removeContainer(container: Dockerode.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch(() => undefined);
}

function notesOf(text: string | undefined): readonly string[] {
  try {
    const notes: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(notes) ? notes.filter((note) => typeof note === 'string') : [];
  } catch {
    return [];
  }
}
