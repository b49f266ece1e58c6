import type { RetryPolicy } from '../../spec/index.ts';

/**
 * Tells how long to wait before the next attempt, in milliseconds; undefined where there is none left.
 * @param failures attempts that failed so far, at least 1
 */
export function retryDelay(policy: RetryPolicy | undefined, failures: number): number | undefined {
  if (failures > (policy?.maxRetryCount ?? 0)) return undefined;
  const first = seconds(policy?.backoffDuration) ?? 0;
  const longest = seconds(policy?.backoffMaxDuration) ?? 3600;
  return 1000 * Math.min(longest, first * Number(policy?.backoffFactor ?? 2) ** (failures - 1));
}

/** Reads a protobuf duration such as `30s` or `1.5s`. */
function seconds(duration: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(duration ?? '');
  return match === null ? undefined : Number(match[1]);
}
