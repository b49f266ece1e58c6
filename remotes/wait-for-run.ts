import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '../errors/index.ts';
import { hasEnded, type RemoteRun, type WaitOptions } from './ports.ts';

/**
 * Looks at a run until it has ended, the time is over, or nobody wants to wait any more.
 * @returns the run as it was seen last
 * @throws InfrastructureError FER8012 when the time is over; the run goes on
 */
export async function waitForRun(
  id: string,
  get: (id: string) => Promise<RemoteRun>,
  { pause = 5000, timeout, seen, signal }: WaitOptions = {},
): Promise<RemoteRun> {
  const until = timeout === undefined ? Infinity : Date.now() + timeout;
  for (;;) {
    const run = await get(id);
    seen?.(run);
    if (hasEnded(run.status)) return run;
    const left = until - Date.now();
    if (left <= 0)
      throw new InfrastructureError('FER8012', {
        problem: `the run ${id} is ${run.status} after ${Math.round((timeout ?? 0) / 1000)} s`,
        fix: 'it goes on without whoever waited; wait longer, or look at it later',
        retryable: true,
      });
    const isAborted = await sleep(Math.min(pause, left), false, { ...(signal && { signal }) }).catch(
      () => true,
    );
    if (isAborted) return run;
  }
}
