/** Which requests are sent again, and when. */
import type { RemoteRequest } from './request.ts';

/** Pauses before each further try, in milliseconds. */
export const patientPauses: readonly number[] = [500, 1000, 2000, 4000];

/** Longest time in milliseconds that a service may ask to wait; beyond, the person is told. */
const longestWish = 60_000;

/** Codes of errors after which the service cannot have seen the request. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const lostOnTheWay: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** Tries after which nobody is taken to listen: an address that is wrong stays wrong. */
const triesToConnect = 3;

/** Whether a request that ended with an error of the network is worth another try, after so many. */
export function mayRepeatAfterError(request: RemoteRequest, error: unknown, tries: number): boolean {
  const codes = codesOf(error);
  if (codes.some((code) => neverSent.has(code))) return tries < triesToConnect;
  return request.repeatable && codes.some((code) => lostOnTheWay.has(code));
}

/** Whether a request that was answered with this status is worth another try. One that was turned away did nothing. */
export function mayRepeatAfterStatus(request: RemoteRequest, status: number): boolean {
  if (status === 429) return true;
  return request.repeatable && (status === 408 || status >= 500) && status !== 501;
}

/**
 * Tells how long to wait: at least as long as the service asks to, with some spread for who came at the same time.
 * @returns milliseconds; undefined where the service asks for more than anybody waits
 */
export function pauseBefore(
  planned: number,
  retryAfter: string | undefined,
  now: number,
): number | undefined {
  const wish = retryAfter === undefined ? 0 : wishOf(retryAfter, now);
  if (wish > longestWish) return undefined;
  return Math.max(wish, planned * (0.75 + Math.random() / 2));
}

/** Reads a Retry-After: seconds, or a date. What is neither asks for nothing. */
function wishOf(text: string, now: number): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** All codes of an error and of those under it. */
export function codesOf(error: unknown): readonly string[] {
  if (typeof error !== 'object' || error === null) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors.flatMap(codesOf) : [];
  const cause = 'cause' in error && error.cause !== error ? codesOf(error.cause) : [];
  return [...own, ...inner, ...cause];
}
