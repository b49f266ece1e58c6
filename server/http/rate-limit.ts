/** Lets each caller make so many requests: a bucket of tokens that fills over time. */
import { Refusal } from '../failure.ts';

export interface RateLimit {
  /** @throws Refusal where the caller has made too many */
  take(caller: string): void;
}

interface Bucket {
  left: number;
  at: number;
}

/** @param rate requests a second; 0 is without limit */
export function rateLimit(rate: number, burst: number, now: () => number = Date.now): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(caller) {
      if (rate === 0) return;
      const at = now();
      const bucket = buckets.get(caller) ?? { left: burst, at };
      bucket.left = Math.min(burst, bucket.left + ((at - bucket.at) / 1000) * rate);
      bucket.at = at;
      buckets.set(caller, bucket);
      // Addresses come and go: full buckets say nothing.
      if (buckets.size > 10_000)
        for (const [name, { left, at: seen }] of buckets)
          if (left + ((at - seen) / 1000) * rate >= burst) buckets.delete(name);
      if (bucket.left < 1)
        throw new Refusal(
          'too-many',
          `too many requests: ${rate} a second are allowed, and ${burst} at once`,
        );
      bucket.left -= 1;
    },
  };
}
