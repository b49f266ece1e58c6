/** What a person is told about a component that failed, as plain data: it crosses process borders and is kept. */
import type { ErrorCode } from '../errors/catalogue.ts';
import { FerruleError, messageOf } from '../errors/ferrule-error.ts';
import type { TaskError } from '../errors/task-error.ts';
import type { SecretMask } from './secret-mask.ts';

export interface Failure {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly fix?: string;
  /** Where it was thrown, for errors that are not meant as a message. */
  readonly stack?: string;
}

/**
 * Tells a failure from what was thrown. An error that the component meant as a message, and a coded one, come
 * without a stack; anything else with one. A bundle has its own copy of TaskError, so the name decides.
 */
export function failureOf(thrown: unknown, code: ErrorCode = 'FER6001'): Failure {
  if (thrown instanceof FerruleError)
    return {
      code: thrown.code,
      problem: thrown.problem,
      ...(thrown.fix !== undefined && { fix: thrown.fix }),
    };
  if (isTaskError(thrown))
    return { code, problem: thrown.message, ...(thrown.fix !== undefined && { fix: thrown.fix }) };
  const stack = thrown instanceof Error ? stackOf(thrown) : undefined;
  const fix = fixOfSystemError(thrown);
  return {
    code,
    problem: headline(thrown),
    ...(fix !== undefined && { fix }),
    ...(stack !== undefined && { stack }),
  };
}

/** What helps where the system refused something. */
function fixOfSystemError(thrown: unknown): string | undefined {
  const errno = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full: free space where the pipeline root and temporary files lie, then run it again';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'let the user that runs the task read and write there';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open: close them after use, or raise the limit with ulimit -n';
    default:
      return undefined;
  }
}

/** The failure of a body that awaits a promise which nothing is left to settle. */
export const neverSettles: Failure = {
  code: 'FER6012',
  problem:
    'the component waits for a promise that can no longer be settled: nothing is left that could do it',
  fix: 'look for a promise whose resolve is never called, or a stream that is never read',
};

function isTaskError(thrown: unknown): thrown is TaskError {
  return thrown instanceof Error && thrown.name === 'TaskError';
}

function headline(thrown: unknown): string {
  const message = messageOf(thrown);
  const name = thrown instanceof Error && thrown.name !== 'Error' ? thrown.name : '';
  if (message === '') return name === '' ? 'the component threw an error without a message' : name;
  return name === '' || message.startsWith(name) ? message : `${name}: ${message}`;
}

/** The frames of a stack and of its causes, as far as they are the component's. */
function stackOf(error: Error): string | undefined {
  const cause =
    error.cause instanceof Error ? `caused by ${headline(error.cause)}\n${stackOf(error.cause) ?? ''}` : '';
  const text = [...ownFrames(error.stack ?? ''), cause].filter((line) => line !== '').join('\n');
  return text === '' ? undefined : text;
}

/** Drops the frames of Node.js, and those of whoever called the body: what comes after the bundle's last. */
function ownFrames(stack: string): string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('node:internal'));
  const last = frames.findLastIndex((line) => line.includes('bundle.mjs:'));
  return last < 0 ? frames : frames.slice(0, last + 1);
}

/** Masks secrets in a failure. */
export function maskedFailure(failure: Failure, secrets: SecretMask): Failure {
  const { code, problem, fix, stack } = failure;
  return {
    code,
    problem: secrets.mask(problem),
    ...(fix !== undefined && { fix: secrets.mask(fix) }),
    ...(stack !== undefined && { stack: secrets.mask(stack) }),
  };
}

/** Codes of failures that a second attempt would meet again. */
const lasting: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FER6002',
  'FER6003',
  'FER6014',
  'FER6016',
  'FER6017',
  'FER6019',
  'FER6030',
  'FER6031',
  'FER6032',
  'FER6033',
]);

/** Tells whether another attempt could help: a missing bundle is missing the second time too. */
export function isWorthRetrying(code: ErrorCode): boolean {
  return !lasting.has(code);
}

/** Writes a failure as a log shows it. */
export function formatFailure({ code, problem, fix, stack }: Failure): string {
  return [`${code}  ${problem}`, stack, fix === undefined ? undefined : `  fix: ${fix}`]
    .filter((line) => line !== undefined)
    .join('\n');
}
