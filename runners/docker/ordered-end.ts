/** Ends a container whose attempt is cancelled or takes too long: it is asked first, and killed after a while. */
import type Dockerode from 'dockerode';
import { released, type Attempt } from '../../engine/ports.ts';
import { longTimeout } from '../../executor/long-timeout.ts';
import { statusOf } from './engine-error.ts';

type OrderedEnd = 'cancelled' | 'timeout' | 'released' | undefined;

export interface EndWatch {
  /** Aborted when the attempt is let go of: nobody watches its container any more. */
  readonly released: AbortSignal;
  /** Stops watching, and tells what was ordered. */
  settle(): OrderedEnd;
}

/**
 * Watches for what ends an attempt.
 * @param startedAt when its container started, in milliseconds: the timeout counts from there, whoever watches
 */
export function watchForEnd(
  attempt: Attempt,
  container: Dockerode.Container,
  grace: number,
  startedAt: number,
): EndWatch {
  let ordered: OrderedEnd;
  const letGo = new AbortController();
  const order = (why: Exclude<OrderedEnd, undefined>): void => {
    if (ordered !== undefined) return;
    ordered = why;
    if (why === 'released') letGo.abort();
    else void stop(container, grace);
  };
  const onAbort = (): void => order(attempt.signal.reason === released ? 'released' : 'cancelled');
  if (attempt.signal.aborted) onAbort();
  attempt.signal.addEventListener('abort', onAbort, { once: true });
  const { timeoutSeconds } = attempt;
  const timeout =
    timeoutSeconds === undefined
      ? undefined
      : longTimeout(Math.max(0, startedAt + timeoutSeconds * 1000 - Date.now()), () => order('timeout'));
  return {
    released: letGo.signal,
    settle() {
      attempt.signal.removeEventListener('abort', onAbort);
      timeout?.stop();
      return ordered;
    },
  };
}

/** How often a stop is tried while the engine does not answer, in milliseconds. */
const tryEvery = 1000;

/** Asks the container to end, by the signal its image names, and kills it after the grace. */
async function stop(container: Dockerode.Container, grace: number): Promise<void> {
  for (;;) {
    try {
      return void (await container.stop({ t: Math.ceil(grace / 1000) }));
    } catch (thrown) {
      const status = statusOf(thrown);
      // It has ended, or is gone.
      if (status === 304 || status === 404) return;
      if (status !== undefined) return void (await container.kill().catch(() => undefined));
    }
    await new Promise((resolve) => setTimeout(resolve, tryEvery).unref());
  }
}
