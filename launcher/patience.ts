/** Tries again what failed for reasons that pass by themselves. */
import { setTimeout as wait } from 'node:timers/promises';
import { InfrastructureError } from '../errors/index.ts';

/** Milliseconds before the second try and those after it. The clients of the stores have tried several times by then. */
const pauses: readonly number[] = [1000, 4000];

/** Does some work, again after a pause where it failed and may yet succeed. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of pauses)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InfrastructureError) || !error.retryable) throw error;
      process.stderr.write(`${error.code}  ${error.problem}; trying again in ${pause / 1000} s\n`);
      await wait(pause);
    }
  return work();
}
