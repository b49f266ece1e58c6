// Programs that outlive the command that starts them: each known by its name, a pid file and a log.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { state } from './places.mjs';

const pidFile = (/** @type {string} */ name) => join(state, 'pids', `${name}.json`);
const logFile = (/** @type {string} */ name) => join(state, 'logs', `${name}.log`);

/**
 * Says which process this is beyond its number, which the system uses again: the machine's boot and the process's start.
 * Undefined where there is none, or where it has ended and only waits to be collected.
 */
export function identityOf(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Gives the number of a program's process; undefined where it does not run. */
export function pidOf(/** @type {string} */ name) {
  if (!existsSync(pidFile(name))) return undefined;
  try {
    const { pid, identity } = JSON.parse(readFileSync(pidFile(name), 'utf8'));
    return identityOf(pid) === identity ? Number(pid) : undefined;
  } catch {
    return undefined; // a file cut short by the end of the machine
  }
}

/** Writes options as `--name=value`. */
export const options = (/** @type {Readonly<Record<string, string | number | boolean>>} */ values) =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);

/** Starts a program, unless it runs already; it goes on when this process ends. Says whether it was started. */
export function start(
  /** @type {string} */ name,
  /** @type {string} */ command,
  /** @type {readonly string[]} */ args,
  /** @type {Record<string, string>} */ environment = {},
) {
  if (pidOf(name) !== undefined) return false;
  mkdirSync(join(state, 'pids'), { recursive: true });
  mkdirSync(join(state, 'logs'), { recursive: true });
  const log = openSync(logFile(name), 'a');
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { ...process.env, ...environment },
  });
  closeSync(log);
  child.on('error', (error) => {
    throw new Error(`${command} cannot be started: ${error.message}`);
  });
  child.unref();
  if (child.pid !== undefined)
    writeFileSync(pidFile(name), JSON.stringify({ pid: child.pid, identity: identityOf(child.pid) }));
  return true;
}

/**
 * Waits until something answers.
 * @throws Error with the end of the log when the program has ended or the time is over
 */
export async function ready(
  /** @type {string} */ name,
  /** @type {() => Promise<boolean>} */ answers,
  seconds = 60,
) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await answers().catch(() => false)) return;
    const ended = pidOf(name) === undefined;
    if (ended || Date.now() > end) {
      const log = existsSync(logFile(name)) ? readFileSync(logFile(name), 'utf8').slice(-3000) : '';
      const what = ended ? 'has ended' : `did not answer within ${seconds} s`;
      throw new Error(`${name} ${what}. The end of ${logFile(name)}:\n${log}`);
    }
    await sleep(50);
  }
}

/** Ends a program and waits until it is gone; after `patience` seconds without mercy. */
export async function stop(
  /** @type {string} */ name,
  patience = 15,
  first = /** @type {NodeJS.Signals} */ ('SIGTERM'),
) {
  const pid = pidOf(name);
  if (pid !== undefined) {
    const signal = (/** @type {NodeJS.Signals} */ what) => {
      try {
        process.kill(pid, what);
      } catch {
        // it ended by itself
      }
    };
    signal(first);
    const end = Date.now() + patience * 1000;
    while (pidOf(name) !== undefined) {
      if (Date.now() > end) signal('SIGKILL');
      await sleep(30);
    }
  }
  rmSync(pidFile(name), { force: true });
}

/** Makes a question of an address: whether it answers with anything but a failure of its own. */
export const httpAnswers = (/** @type {string} */ url) => async () => {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.status < 500;
};
