import { setTimeout as wait } from 'node:timers/promises';

/** Pauses before each further try, in milliseconds: half a minute in all, so that a run outlives a short outage. */
const patient = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000];

/** For whoever waits at the terminal. */
export const impatient: readonly number[] = [250, 500, 1000];

/** Does work again after an error that another try may cure, with growing pauses; the last error is thrown. */
export async function retrying<T>(
  isTransient: (error: unknown) => boolean,
  work: (attempt: number) => Promise<T>,
  pauses: readonly number[] = patient,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const pause = pauses[attempt];
      if (pause === undefined || !isTransient(error)) throw error;
      await wait(pause * (0.75 + Math.random() / 2));
    }
  }
}

/** Asks a service, again where that may help; what it throws at last says what was being done. */
export type Asking = <T>(
  doing: string,
  work: (attempt: number) => Promise<T>,
  pauses?: readonly number[],
) => Promise<T>;

/** Makes what asks a service. @param named makes the error of what the service's library threw */
export function askingBy(
  isTransient: (error: unknown) => boolean,
  named: (thrown: unknown, doing: string) => Error,
): Asking {
  return async (doing, work, pauses) => {
    try {
      return await retrying(isTransient, work, pauses);
    } catch (thrown) {
      throw named(thrown, doing);
    }
  };
}

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Libraries that tried again themselves keep no code. */
const brokenLine =
  /socket hang up|premature close|aborted|timed? ?out|Retry( total time)? limit exceeded|offset is lower than|ECONNRE(SET|FUSED)/i;

/** Whether an error is of the network between here and there, whichever library threw it. */
export function isNetworkError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  if ('errors' in error && Array.isArray(error.errors) && error.errors.some(isNetworkError)) return true;
  if (error instanceof Error && brokenLine.test(error.message)) return true;
  return 'cause' in error && error.cause !== error && isNetworkError(error.cause);
}

/** Whether an HTTP status says that the same request may succeed later. */
export function isTransientStatus(status: number | undefined): boolean {
  return status !== undefined && (status === 408 || status === 429 || status >= 500);
}
