/** Asks the cache for a task, so that of equal tasks that start together only one runs. */
import { cacheKeyOf, type CacheKey, type KeyQuestion } from '../cache/cache-key.ts';
import { lookUp, type Lookup } from '../cache/cache-lookup.ts';
import type { Flight, Landing } from '../cache/flights.ts';
import { failureOf } from '../failure.ts';
import type { RunContext } from '../run-context.ts';

interface Consulted {
  readonly key: CacheKey;
  readonly lookup: Lookup;
  /** That the task has its computation to itself. */
  readonly flight?: Flight;
}

/**
 * Asks the cache, and where it has nothing and another run is at work on the same, waits for that and asks again. An
 * attempt that is open already waits for nobody.
 */
export async function consultAlone(question: KeyQuestion, run: RunContext): Promise<Consulted> {
  const { node } = question;
  for (;;) {
    const found = await run.lookups.use(() => consult(question, run));
    const { key, lookup } = found;
    const { flights } = run.ports;
    if (flights === undefined || run.caching !== 'on' || node.anew) return found;
    if (key.kind === 'none' || lookup.kind !== 'miss') return found;
    const claim = flights.claim(key.fingerprint);
    if (claim.kind === 'mine') {
      // Another may have ended between the question and the claim.
      const now = await run.lookups.use(() => lookUp({ key, caching: run.caching, anew: false }, run.ports));
      if (now.kind !== 'hit') return { ...found, flight: claim.flight };
      claim.flight.land('kept');
      return { key, lookup: now };
    }
    if (node.openAttempt !== undefined) return found;
    const landing = await landedOr(run.signal, claim.landed);
    if (landing === 'aborted' || landing === 'unkept') return found;
  }
}

/** Waits for another's flight, as long as the run is not cancelled. */
async function landedOr(signal: AbortSignal, landed: Promise<Landing>): Promise<Landing | 'aborted'> {
  if (signal.aborted) return 'aborted';
  return new Promise((resolve) => {
    const stop = (): void => resolve('aborted');
    signal.addEventListener('abort', stop, { once: true });
    void landed.then((how) => {
      signal.removeEventListener('abort', stop);
      resolve(how);
    });
  });
}

async function consult(question: KeyQuestion, run: RunContext): Promise<Consulted> {
  try {
    const key: CacheKey =
      run.caching === 'off'
        ? { kind: 'none', reason: 'the run was started without the cache' }
        : await cacheKeyOf(question);
    const { anew } = question.node;
    return { key, lookup: await lookUp({ key, caching: run.caching, anew }, run.ports) };
  } catch (error) {
    // Data that cannot be read now is the component's to complain about, in its own words.
    const reason = `its inputs cannot be digested: ${failureOf(error).problem}`;
    return { key: { kind: 'none', reason }, lookup: { kind: 'off', reason } };
  }
}
