import { longTimeout } from '../../executor/long-timeout.ts';
import type { Attempt } from '../../engine/ports.ts';

/** Why an attempt was told to end before it did by itself. */
export type OrderedEnd = 'cancelled' | 'timeout' | undefined;

/** How one kind of process is ended. */
export interface EndOrders {
  /** Asks it to end, which it may do in its own way. */
  readonly ask: (reason: string) => void;
  readonly kill: () => void;
  /** Milliseconds between the two. */
  readonly grace: number;
}

/** Ends an attempt that is cancelled or takes too long: it is asked first, and killed after a while. */
export function watchForEnd(
  attempt: Attempt,
  { ask, kill, grace }: EndOrders,
): { readonly settle: () => OrderedEnd } {
  let ordered: OrderedEnd;
  let killing: NodeJS.Timeout | undefined;
  const order = (why: 'cancelled' | 'timeout', reason: string): void => {
    if (ordered !== undefined) return;
    ordered = why;
    ask(reason);
    killing = setTimeout(kill, grace);
  };
  const onAbort = (): void => order('cancelled', 'the run was cancelled');
  attempt.signal.addEventListener('abort', onAbort, { once: true });
  const { timeoutSeconds } = attempt;
  const timeout =
    timeoutSeconds === undefined
      ? undefined
      : longTimeout(timeoutSeconds * 1000, () => order('timeout', `it took longer than ${timeoutSeconds} s`));
  return {
    settle() {
      attempt.signal.removeEventListener('abort', onAbort);
      timeout?.stop();
      clearTimeout(killing);
      return ordered;
    },
  };
}
