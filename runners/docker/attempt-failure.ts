/** Failures of attempts in containers, as the engine keeps them. */
import { constants } from 'node:os';
import type { Failure } from '../../engine/ports.ts';
import { FerruleError, InfrastructureError } from '../../errors/index.ts';
import {
  failureOf,
  isWorthRetrying,
  maskedFailure,
  type Failure as ComponentFailure,
} from '../../executor/failure.ts';
import type { LastWords } from '../../executor/last-words.ts';
import type { SecretMask } from '../../executor/secret-mask.ts';
import { wordsOf } from './engine-error.ts';

/** Makes the engine's failure of a component's, with secrets masked. */
export function componentFailure(failure: ComponentFailure, secrets: SecretMask): Failure {
  return { ...maskedFailure(failure, secrets), kind: 'user', retryable: isWorthRetrying(failure.code) };
}

/** Codes of the runner's own errors that a second attempt would meet again. */
const lasting: ReadonlySet<string> = new Set(['FER3006', 'FER6021', 'FER6022', 'FER6023', 'FER6025']);

/** Makes the engine's failure of what the runner met before or after the container ran. */
export function runnerFailure(thrown: unknown): Failure {
  if (thrown instanceof FerruleError) {
    const { code, kind, problem, fix } = thrown;
    const retryable =
      thrown instanceof InfrastructureError ? thrown.retryable : isWorthRetrying(code) && !lasting.has(code);
    return { code, kind, problem, ...(fix !== undefined && { fix }), retryable };
  }
  const { stack } = failureOf(thrown);
  return {
    code: 'FER6024',
    kind: 'infrastructure',
    problem: `the Docker engine refused: ${wordsOf(thrown)}`,
    ...(stack !== undefined && { stack }),
    retryable: true,
  };
}

/** How a container ended, as its engine says. */
export interface ContainerEnd {
  readonly exitCode: number;
  readonly ranOutOfMemory: boolean;
  /** The memory limit, as the spec has it. */
  readonly memory: string | undefined;
  /** What it printed last. */
  readonly lastWords: LastWords;
  readonly isOurs: boolean;
}

/** Tells in plain words why a container ended otherwise than well. */
export function endFailure(end: ContainerEnd): Failure {
  const { exitCode, ranOutOfMemory, memory, lastWords } = end;
  const tail = lastWords.lines;
  const lastLine = tail.at(-1)?.trim().slice(0, 200) ?? '';
  const failed = (code: Failure['code'], problem: string, fix: string): Failure => ({
    code,
    kind: 'user',
    problem,
    fix,
    retryable: true,
  });
  // Docker's init could not become the program.
  const init = /^\[FATAL tini[^\]]*\] exec (?<command>.*) failed: (?<words>.*)$/.exec(lastLine)?.groups;
  const neverRan = commandFailure(init?.['words'] ?? initTrouble(lastLine), init?.['command']);
  if (neverRan !== undefined) return neverRan;
  if (ranOutOfMemory)
    return failed(
      'FER6010',
      memory === undefined
        ? 'the container ran out of memory: the machine has no more'
        : `the container used more memory than its limit of ${memory}`,
      memory === undefined
        ? 'hold less in memory, or run fewer tasks at a time'
        : 'raise the memory of the task, or hold less at a time',
    );
  const signal = signalName(exitCode - 128);
  if (end.isOurs && tail.some((line) => line.includes('heap out of memory')))
    return failed(
      'FER6010',
      'the component ran out of memory: the JavaScript heap is full',
      'hold less in memory at a time, or raise the limit: env NODE_OPTIONS=--max-old-space-size=<MiB>',
    );
  if (signal !== undefined && exitCode > 128)
    return failed(
      'FER6009',
      `the container was killed by ${signal}`,
      signal === 'SIGKILL'
        ? 'something outside killed it: the machine may have run out of memory, or somebody stopped it'
        : 'a native package most likely crashed, or something sent the signal: its last words are in the log',
    );
  const noProgram = /Cannot find module '(\/ferrule\/[^']*)'/.exec(tail.join('\n'))?.[1];
  if (end.isOurs && (exitCode === 126 || exitCode === 127 || noProgram !== undefined))
    return {
      code: 'FER6020',
      kind: 'user',
      problem: `the image does not have what runs a component: ${noProgram ?? lastLine}`,
      fix: 'build it with ferrule build, which puts node and the component in',
      retryable: false,
    };
  if (end.isOurs)
    return failed(
      'FER6008',
      `the component ended its process with exit code ${exitCode} before it returned`,
      'let the body return, or throw an error: process.exit() leaves no outputs',
    );
  const telling = lastWords.telling.trim().slice(0, 200);
  const words = telling === '' ? ', and printed nothing' : `; its last line: ${telling}`;
  return failed('FER6020', `the container ended with exit code ${exitCode}${words}`, exitFix(exitCode));
}

function exitFix(exitCode: number): string {
  switch (exitCode) {
    case 126:
      return 'a command was found and could not be run: see whether it is executable, and made for this processor';
    case 127:
      return 'a command was not found: see whether the image has it, and its PATH';
    default:
      return 'the log of the attempt says more';
  }
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}

/** What the engine's own init prints where it cannot be started itself. */
function initTrouble(lastLine: string): string {
  return lastLine.startsWith('exec /sbin/docker-init:') ? lastLine : '';
}

/** Tells why a command could not become a process; undefined where the words say nothing of the kind. */
function commandFailure(words: string, command = 'that it names'): Failure | undefined {
  const failed = (problem: string, fix: string): Failure => ({
    code: 'FER6020',
    kind: 'user',
    problem,
    fix,
    retryable: false,
  });
  if (/executable file not found|no such file or directory/i.test(words))
    return failed(
      `the image does not have the command ${command}`,
      'see the spelling, and what the image holds',
    );
  if (/permission denied|exec format error/i.test(words))
    return failed(
      `the command ${command} cannot be run: ${words}`,
      'see whether it is executable for any user, and made for this processor',
    );
  if (/argument list too long/i.test(words))
    return failed(
      'the arguments of the container are longer than Linux takes: 128 KiB for one, some 2 MiB for all',
      'give large values as artifacts, not as parameters',
    );
  return undefined;
}

/** Tells why a container could not be made or started. */
export function startFailure(thrown: unknown, command: readonly string[]): Failure {
  const words = wordsOf(thrown);
  if (/bind source path does not exist|mounts denied|not shared from the host/i.test(words))
    return {
      code: 'FER6022',
      kind: 'user',
      problem: `the Docker engine does not see the files of this machine: ${words}`,
      fix: 'share the folders of the pipeline root and the project with it (Docker Desktop: Settings, Resources, File sharing)',
      retryable: false,
    };
  if (/no space left on device/i.test(words))
    return {
      code: 'FER6024',
      kind: 'infrastructure',
      problem: `the disk of the Docker engine is full: ${words}`,
      fix: 'remove what is not used any more with docker system prune',
      retryable: true,
    };
  const neverRan = commandFailure(words, command[0]);
  if (neverRan !== undefined) return neverRan;
  return {
    code: 'FER6024',
    kind: 'infrastructure',
    problem: `Docker could not start the container: ${words}`,
    fix: 'these are the words of the engine; see its documentation and its log',
    retryable: true,
  };
}
