/** Follows what a run prints through its root alone: whoever drives it, wherever that is. */
import { setTimeout as wait } from 'node:timers/promises';
import { startFold, type RunState, type TaskState } from '../engine/run-state.ts';
import type { LogReader } from '../stores/artifacts/log-reader.ts';
import type { Root } from '../stores/root.ts';
import type { SayLine } from './commands/logs.ts';
import { findTasks, means } from './find-task.ts';

export interface FollowRequest {
  readonly root: Root;
  readonly runId: string;
  /** One task, or those in a group or a loop. @default all */
  readonly task: string | undefined;
  /** One attempt. @default the one that goes on */
  readonly attempt: number | undefined;
  readonly say: SayLine;
}

/**
 * Milliseconds between two looks, each of which costs a request for the run's log and one for each task that runs; and
 * milliseconds without a driver after which nobody is taken to come: a pod that is replaced takes less.
 */
const paces = {
  folder: { pause: 250, patience: 5000 },
  bucket: { pause: 2000, patience: 90_000 },
} as const;

/** The exit statuses of following: as those of the run itself. */
const statuses = { succeeded: 0, failed: 1, cancelled: 130, running: 1 } as const;

/**
 * Prints lines as they are stored, until the run has its end or nobody drives it any more.
 * @returns the exit status: that of the run
 */
export async function followRun(request: FollowRequest): Promise<number> {
  const { root, runId, task } = request;
  const fold = startFold();
  const printer = linePrinter(request);
  const { pause, patience } = paces[root.shared ? 'bucket' : 'folder'];
  let seq = 0;
  let drivenAt = Date.now();
  let checkedAt = 0;
  for (;;) {
    for await (const entry of root.runs.log(runId).read(seq)) {
      seq = entry.seq + 1;
      for (const event of entry.events) {
        fold.apply(event);
        if (event.kind === 'attempt-ended') await printer.finish(event.task, event.attempt);
      }
    }
    const state = fold.state();
    // What a group or a loop holds is known once it is open.
    const allKnown = !state.tasks.some(isGroupToCome);
    if (task !== undefined && state.tasks.length > 0 && allKnown) findTasks(runId, task, state.tasks);
    await printer.look(state);
    if (state.status !== 'running') return statuses[state.status];
    if (task !== undefined && isOver(state, task)) return statuses.succeeded;
    if (Date.now() - checkedAt > 5 * pause) {
      checkedAt = Date.now();
      if ((await root.runs.driverOf(runId)) !== undefined) drivenAt = checkedAt;
      if (checkedAt - drivenAt > patience) {
        process.stderr.write(`nobody drives the run any more; go on with it: ferrule resume ${runId}\n`);
        return statuses.running;
      }
    }
    await wait(pause);
  }
}

function isGroupToCome({ kind, status }: TaskState): boolean {
  return (kind === 'dag' || kind === 'loop') && status === 'waiting';
}

function isOver(state: RunState, task: string): boolean {
  const status = state.tasks.find(({ name }) => name === task)?.status;
  return (
    status === 'succeeded' ||
    status === 'failed' ||
    status === 'skipped' ||
    status === 'cancelled' ||
    status === 'cached'
  );
}

interface LinePrinter {
  /** Prints what the tasks that run have printed since the last look. */
  look(state: RunState): Promise<void>;
  /** Prints the rest of an attempt that has ended. */
  finish(task: string, attempt: number): Promise<void>;
}

function linePrinter({ root, runId, task: only, attempt: onlyAttempt, say }: FollowRequest): LinePrinter {
  const readers = new Map<string, LogReader>();
  const print = async (task: string, number: number): Promise<void> => {
    if (only !== undefined && !means(only, task)) return;
    if (onlyAttempt !== undefined && number !== onlyAttempt) return;
    const key = `${task}/${number}`;
    const reader = readers.get(key) ?? root.followLog({ runId, task, number });
    readers.set(key, reader);
    const lines = ((await reader.next()) ?? '').split('\n').slice(0, -1);
    for (const line of lines) say(task, line);
  };
  return {
    async look({ tasks }) {
      const running = tasks.filter(({ status, attempts }) => status === 'running' && attempts > 0);
      for (const { name, attempts } of running) await print(name, attempts);
    },
    async finish(task, attempt) {
      await print(task, attempt);
      readers.delete(`${task}/${attempt}`);
    },
  };
}
