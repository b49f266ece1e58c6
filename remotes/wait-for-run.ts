import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '../errors/index.ts';
import { hasEnded, type RemoteRun, type WaitOptions } from './ports.ts';

/**
 * Looks at a run until it has ended, the time is over, or nobody wants to wait any more. A service that is away for a while is
 * waited for too: the run does not end because nobody can look.
 * @returns the run as it was seen last
 * @throws InfrastructureError FER8012 when the time is over; the run goes on
 */
export async function waitForRun(
  id: string,
  get: (id: string) => Promise<RemoteRun>,
  options: WaitOptions = {},
): Promise<RemoteRun> {
  const { pause = 5000, timeout, seen, signal, outage = 600_000, missed } = options;
  const until = timeout === undefined ? Infinity : Date.now() + timeout;
  let last: RemoteRun | undefined;
  let answeredAt = Date.now();
  for (;;) {
    try {
      last = await get(id);
      answeredAt = Date.now();
      seen?.(last);
      if (hasEnded(last.status)) return last;
    } catch (error) {
      // What was never seen may not be there at all.
      if (last === undefined || !isOutage(error) || Date.now() - answeredAt > outage) throw error;
      missed?.(error);
    }
    const left = until - Date.now();
    if (left <= 0)
      throw new InfrastructureError('FER8012', {
        problem: `the run ${id} is ${last.status} after ${Math.round((timeout ?? 0) / 1000)} s`,
        fix: 'it goes on without whoever waited; wait longer, or look at it later',
        retryable: true,
      });
    const isAborted = await sleep(Math.min(pause, left), false, { ...(signal && { signal }) }).catch(
      () => true,
    );
    if (isAborted) return last;
  }
}

function isOutage(error: unknown): error is InfrastructureError {
  return error instanceof InfrastructureError && error.retryable;
}
