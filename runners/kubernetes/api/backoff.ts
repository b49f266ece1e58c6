/** Waiting before another try. */

export interface Backoff {
  /** Milliseconds to wait next: growing, with a random part, so that many clients do not come back at once. */
  next(): number;
  /** All is well again. */
  reset(): void;
}

/** @param most milliseconds */
export function backoff(first = 200, most = 10_000): Backoff {
  let step = first;
  return {
    next() {
      const wait = step * (0.75 + Math.random() / 2);
      step = Math.min(most, step * 2);
      return wait;
    },
    reset() {
      step = first;
    },
  };
}

/** Waits; returns early, without an error, once the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
