/**
 * How a component's failure leaves its container as data, beside the text in its log: whoever started the container
 * names a file in FERRULE_FAILURE_FILE, and reads it when the container has ended.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Failure } from './failure.ts';

/** Names the variable that names the file. */
export const failureFileVariable = 'FERRULE_FAILURE_FILE';

/** Where Kubernetes looks for a container's last words: it keeps the last 4096 bytes. */
export const terminationLog = '/dev/termination-log';

const terminationLimit = 4096;

/**
 * Writes a failure, cut so that the file's reader gets all of it. Never throws: the failure is in the log as well.
 * @param file undefined where nobody asked
 */
export function writeFailureFile(file: string | undefined, failure: Failure): void {
  if (file === undefined || file === '') return;
  try {
    writeFileSync(
      file,
      JSON.stringify(file === terminationLog ? fitting(failure, terminationLimit) : failure),
    );
  } catch {
    // A file system that is full or read-only must not hide the failure itself.
  }
}

/** Reads a failure; undefined where there is none, or something else. */
export function readFailureFile(file: string): Failure | undefined {
  try {
    return parseFailure(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Reads a failure from the text that was written for it; undefined for any other text. */
export function parseFailure(text: string): Failure | undefined {
  try {
    const failure = JSON.parse(text) as Partial<Failure> | null;
    if (typeof failure?.code !== 'string' || typeof failure.problem !== 'string') return undefined;
    return failure as Failure;
  } catch {
    return undefined;
  }
}

/** Cuts the stack, then the problem, until the JSON holds so many bytes. */
export function fitting(failure: Failure, bytes: number): Failure {
  const length = (one: Failure): number => Buffer.byteLength(JSON.stringify(one));
  const { stack, ...rest } = failure;
  if (length(failure) <= bytes) return failure;
  const frames = stack?.split('\n') ?? [];
  while (frames.pop() !== undefined && frames.length > 0) {
    const shorter = { ...rest, stack: [...frames, '    ...'].join('\n') };
    if (length(shorter) <= bytes) return shorter;
  }
  if (length(rest) <= bytes) return rest;
  const { code, problem } = failure;
  const over = length({ code, problem: `${problem} ...` }) - bytes;
  return over <= 0 ? { code, problem } : { code, problem: `${cutBytes(problem, over)} ...` };
}

/** Cuts at least so many bytes of JSON off a text's end. */
function cutBytes(text: string, bytes: number): string {
  let cut = text;
  const from = Buffer.byteLength(JSON.stringify(text));
  while (cut !== '' && from - Buffer.byteLength(JSON.stringify(cut)) < bytes) cut = cut.slice(0, -1);
  return cut;
}
