import { spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { startReaper } from '../../runners/local/reaper.ts';
import { isRunning } from './processes.ts';

const started: number[] = [];

/** Starts a process that is a group of its own. */
function sleeper(): number {
  const { pid = 0 } = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  started.push(pid);
  return pid;
}

afterEach(() => {
  for (const pid of started.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
});

it('a reaper kills the groups it still watches at its end, and no other', async () => {
  const reaper = startReaper();
  const [first, released, last, never] = [sleeper(), sleeper(), sleeper(), sleeper()];
  for (const group of [first, released, last]) reaper.watch(group);
  reaper.release(released);
  reaper.close();
  await expect.poll(() => [first, last].map(isRunning), { timeout: 10_000 }).toEqual([false, false]);
  expect([released, never].map(isRunning)).toEqual([true, true]);
});
