/** Worker processes: started before they are needed, kept for the next task of the same code. */
import { startReaper, type Reaper } from './reaper.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  readonly workerFile: string;
  /** What every worker is started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly ahead: number;
  readonly idle: number;
}

/** Which tasks may share a worker. */
interface WorkerUse {
  /** Code and environment: a module that read a variable at its top level keeps what it read. */
  readonly key: string;
  /** Variables beyond the base; a worker that has any is started with them. */
  readonly env: Readonly<Record<string, string>>;
  /** Neither takes a worker that ran another task, nor leaves one. */
  readonly isolate: boolean;
}

interface Lease {
  readonly worker: WorkerProcess;
  /** Gives the worker back, for another task or to its end; resolves once an ended one is gone. */
  release(reusable: boolean): Promise<void>;
}

export interface WorkerPool {
  lease(use: WorkerUse): Lease;
  close(): Promise<void>;
}

/** Milliseconds from the use of a worker that was started ahead to the start of another. */
const refillDelay = 100;

export function workerPool(options: PoolOptions): WorkerPool {
  const reaper: Reaper = startReaper();
  const all = new Set<WorkerProcess>();
  let fresh: WorkerProcess[] = [];
  // Oldest first: the one that was idle longest goes first.
  let idle: { readonly key: string; readonly worker: WorkerProcess }[] = [];
  let closed = false;

  const start = (env: Readonly<Record<string, string>>): WorkerProcess => {
    const worker: WorkerProcess = startWorker({
      file: options.workerFile,
      env: { ...options.env, ...env },
      cwd: options.cwd,
      reaper,
      onDeath: () => {
        all.delete(worker);
        fresh = fresh.filter((other) => other !== worker);
        idle = idle.filter((other) => other.worker !== worker);
      },
    });
    all.add(worker);
    return worker;
  };
  let refill: NodeJS.Timeout | undefined;
  const startAhead = (): void => {
    refill = undefined;
    if (closed) return;
    while (fresh.length < options.ahead) fresh.push(start({}));
  };
  const takeIdle = (key: string): WorkerProcess | undefined => {
    const at = idle.findLastIndex((other) => other.key === key && other.worker.isAlive);
    return at < 0 ? undefined : idle.splice(at, 1)[0]?.worker;
  };
  const takeFresh = (env: Readonly<Record<string, string>>): WorkerProcess => {
    if (Object.keys(env).length > 0) return start(env);
    // The next one is for later: its start must not slow down the task that this one is for.
    refill ??= setTimeout(startAhead, refillDelay).unref();
    return fresh.shift() ?? start({});
  };

  startAhead();
  return {
    lease({ key, env, isolate }) {
      const worker = (isolate ? undefined : takeIdle(key)) ?? takeFresh(env);
      return {
        worker,
        async release(reusable) {
          if (!reusable || isolate || closed || !worker.isAlive) return worker.kill();
          idle.push({ key, worker });
          const surplus = idle.splice(0, Math.max(0, idle.length - options.idle));
          for (const { worker: old } of surplus) void old.kill();
        },
      };
    },
    async close() {
      closed = true;
      await Promise.all([...all].map((worker) => worker.kill()));
      reaper.close();
    },
  };
}
