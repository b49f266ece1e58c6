/** One interpreter process, seen from the runner: what it holds, its tasks side by side, its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Reaper } from '../reaper.ts';
import { frameReader, type Frame, type Holdings } from './frames.ts';

/** Asks for one task. */
export interface TaskRequest {
  /** The module that runs it, and its arguments. */
  readonly module: string;
  readonly argv: readonly string[];
  /** The file with the component's source: of a traceback, its frames are shown. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where it writes what was thrown. */
  readonly failure: string;
  /** Whether it needs an interpreter of its own, because its variables matter when one starts. */
  readonly fresh: boolean;
}

/** How a task's process ended. */
export type TaskEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | InterpreterTrouble;

/** Why no task of an interpreter can run. */
export type InterpreterTrouble =
  | { readonly kind: 'unstarted'; readonly problem: string }
  | { readonly kind: 'broken'; readonly words: string; readonly module: string | undefined };

export interface RunningTask {
  readonly ended: Promise<TaskEnd>;
  /** Sends a signal to the task and all that it started. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

export interface InterpreterProcess {
  readonly isAlive: boolean;
  /** What it holds; undefined where it could not be started. */
  readonly holdings: Promise<Holdings | undefined>;
  run(request: TaskRequest, print: (chunk: Buffer) => void): RunningTask;
  /** Ends it and its tasks; resolves once it is gone. */
  close(): Promise<void>;
}

export interface InterpreterStart {
  readonly python: string;
  /** The Python program. */
  readonly file: string;
  readonly module: string;
  /** Whether tasks are forks of it. */
  readonly forks: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
}

interface Running {
  readonly print: (chunk: Buffer) => void;
  readonly resolve: (end: TaskEnd) => void;
  pid?: number;
}

/** How many characters of what an interpreter said before its end are kept. */
const lastWords = 2000;

/** Starts an interpreter process. */
export function startInterpreter(start: InterpreterStart): InterpreterProcess {
  const { python, file, module, forks, env, reaper } = start;
  const child = spawn(python, [file, module, forks ? 'fork' : 'fresh'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
    cwd: '/',
  });
  const tasks = new Map<number, Running>();
  let count = 0;
  let trouble: InterpreterTrouble | undefined;
  let said = '';
  let tellHoldings: (holdings: Holdings | undefined) => void;
  const holdings = new Promise<Holdings | undefined>((resolve) => (tellHoldings = resolve));
  // Whoever starts an interpreter waits for these.
  void holdings.then(() => tasks.size > 0 || hold(child, false));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.pid !== undefined) reaper.watch(child.pid);

  const settle = (number: number, end: TaskEnd): void => {
    const task = tasks.get(number);
    tasks.delete(number);
    if (task?.pid !== undefined) reaper.release(task.pid);
    if (tasks.size === 0) hold(child, false);
    task?.resolve(end);
  };
  const fail = (why: InterpreterTrouble): void => {
    trouble ??= why;
    tellHoldings(undefined);
    for (const [number, { pid }] of tasks) {
      if (pid !== undefined) killGroup(pid);
      settle(number, trouble);
    }
  };
  const take = (frame: Frame, content: Buffer): void => {
    switch (frame.kind) {
      case 'here':
        return tellHoldings(frame);
      case 'ready':
        return;
      case 'broken':
        return fail({ kind: 'broken', words: frame.words.trim(), module: frame.module ?? undefined });
      case 'started': {
        reaper.watch(frame.pid);
        const task = tasks.get(frame.task);
        if (task !== undefined) task.pid = frame.pid;
        return;
      }
      case 'output':
        return tasks.get(frame.task)?.print(content);
      case 'ended':
        return settle(
          frame.task,
          frame.signal === undefined
            ? { kind: 'exited', code: frame.code ?? 1 }
            : { kind: 'killed', signal: frame.signal },
        );
    }
  };
  child.stdout.on('data', frameReader(take));
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-lastWords)));
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => fail({ kind: 'unstarted', problem: error.message }));
  child.on('close', (code, signal) => {
    if (child.pid !== undefined) reaper.release(child.pid);
    const words = said.trim() === '' ? '' : `: ${said.trim().split('\n').at(-1) ?? ''}`;
    fail({ kind: 'unstarted', problem: `Python ended with ${signal ?? `exit code ${code}`}${words}` });
  });

  const send = (message: object): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    get isAlive() {
      return trouble === undefined;
    },
    holdings,
    run(request, print) {
      const number = ++count;
      const ended = new Promise<TaskEnd>((resolve) => {
        if (trouble !== undefined) return resolve(trouble);
        tasks.set(number, { print, resolve });
        hold(child, true);
        send({ kind: 'run', task: number, ...request });
      });
      return { ended, signal: (signal) => send({ kind: 'signal', task: number, signal }) };
    },
    async close() {
      if (child.pid === undefined) return;
      hold(child, true);
      child.stdin.end();
      child.stdin.destroy();
      // One that hangs in an import reads nothing.
      const late = setTimeout(() => child.kill('SIGKILL'), 500);
      await gone;
      clearTimeout(late);
    },
  };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

type Refable = (Readable | Writable) & { ref?(): void; unref?(): void };

/** Lets an interpreter keep this process alive while it runs a task, and not while it is idle. */
function hold(child: ChildProcess, busy: boolean): void {
  const what = busy ? 'ref' : 'unref';
  child[what]();
  for (const stream of child.stdio as (Refable | null)[]) stream?.[what]?.();
}
