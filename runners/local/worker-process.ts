/** One worker process, seen from the runner: its start, its tasks one after the other, its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { EndMessage, RunMessage, ToWorker } from './messages.ts';
import { markedOutput, type MarkedOutput } from './marked-output.ts';
import type { Reaper } from './reaper.ts';

/** What became of a task that a worker was given. */
export type WorkerOutcome =
  | { readonly kind: 'ended'; readonly message: EndMessage }
  | { readonly kind: 'died'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'unstarted'; readonly error: Error };

type Death = Exclude<WorkerOutcome, { kind: 'ended' }>;

export interface WorkerProcess {
  readonly isAlive: boolean;
  /** Runs one task; resolves once all it printed was given to `print`. */
  run(message: Omit<RunMessage, 'marks'>, print: (chunk: Buffer) => void): Promise<WorkerOutcome>;
  stop(reason: string): void;
  /** Kills the process and all that it started; resolves once it is gone. */
  kill(): Promise<void>;
}

export interface WorkerStart {
  /** The program. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly reaper: Reaper;
  /** Called once, when the process is gone. */
  readonly onDeath: () => void;
}

/** How long output may lag behind the end of a task or process, in milliseconds, before it is given up. */
const outputLag = 1000;

interface Running {
  readonly output: MarkedOutput;
  readonly resolve: (outcome: WorkerOutcome) => void;
  ended?: EndMessage;
  lag?: NodeJS.Timeout;
}

/** Starts a worker process. */
export function startWorker({ file, env, cwd, reaper, onDeath }: WorkerStart): WorkerProcess {
  // The shell only joins standard error to standard output, which keeps their order, and becomes the worker.
  const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', process.execPath, file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    env,
    cwd,
  });
  const { pid } = child;
  const nonce = randomBytes(8).toString('hex');
  let tasks = 0;
  let running: Running | undefined;
  let death: Death | undefined;
  let isGone = false;
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (pid !== undefined) reaper.watch(pid);
  const settle = (outcome: WorkerOutcome): void => {
    const { resolve, lag } = running ?? {};
    running = undefined;
    clearTimeout(lag);
    hold(child, false);
    resolve?.(outcome);
  };
  const settleIfWhole = (): void => {
    if (running?.ended !== undefined && running.output.isWhole)
      settle({ kind: 'ended', message: running.ended });
  };
  const die = (how: Death): void => {
    if (death !== undefined) return;
    death = how;
    if (pid !== undefined) {
      killGroup(pid);
      reaper.release(pid);
    }
    onDeath();
  };

  child.stdout?.on('data', (chunk: Buffer) => {
    running?.output.take(chunk);
    settleIfWhole();
  });
  child.on('message', (message: EndMessage) => {
    if (running === undefined) return;
    running.ended = message;
    // A component may have closed its output: then there is no mark to wait for.
    running.lag = setTimeout(() => void endProcess(), outputLag);
    settleIfWhole();
  });
  child.on('error', (error) => {
    die({ kind: 'unstarted', error });
    if (pid === undefined) settle({ kind: 'unstarted', error });
  });
  child.on('exit', (code, signal) => {
    die({ kind: 'died', code, signal });
    // Something that left the process group may hold the output open for good.
    setTimeout(() => child.stdout?.destroy(), outputLag).unref();
  });
  child.on('close', () => {
    isGone = true;
    running?.output.end();
    if (running?.ended !== undefined)
      settle({ kind: 'ended', message: { ...running.ended, reusable: false } });
    else if (death !== undefined) settle(death);
  });

  const endProcess = async (): Promise<void> => {
    // Once it is gone, its number may be another's.
    if (pid === undefined || isGone) return;
    // Whoever waits for the end must not be ended by an empty event loop.
    hold(child, true);
    killGroup(pid);
    await gone;
  };
  const send = (message: ToWorker): void => {
    // A closed channel is the death of the worker, which `exit` tells of.
    if (child.connected) child.send(message, () => undefined);
  };
  hold(child, false);
  return {
    get isAlive() {
      return death === undefined && child.connected;
    },
    run(message, print) {
      tasks++;
      const marks = [`\u001E${nonce}:${tasks}:1\n`, `\u001E${nonce}:${tasks}:2\n`] as const;
      return new Promise((resolve) => {
        if (death !== undefined) return resolve(death);
        running = { output: markedOutput(marks, print), resolve };
        hold(child, true);
        send({ ...message, marks });
      });
    },
    stop: (reason) => send({ kind: 'stop', reason }),
    kill: endProcess,
  };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** Lets a worker keep this process alive while it runs a task, and not while it is idle. */
function hold(child: ChildProcess, busy: boolean): void {
  const what = busy ? 'ref' : 'unref';
  child[what]();
  child.channel?.[what]();
  (child.stdout as (Readable & { ref(): void; unref(): void }) | null)?.[what]();
}
