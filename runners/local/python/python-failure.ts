/** What a person is told of a Python component that failed. */
import { readFileSync, rmSync } from 'node:fs';
import type { Failure } from '../../../engine/ports.ts';
import type { InterpreterTrouble, TaskEnd } from './interpreter-process.ts';

/** What the interpreter writes of an exception. */
interface Thrown {
  readonly type: string;
  /** As the last line of a traceback has it. */
  readonly words: string;
  readonly stack: string;
  /** The module that was not found. */
  readonly module: string | null;
}

/** Names the file where an attempt's exception is left. */
export const failureFile = 'python-failure.json';

/** Reads an exception, and removes its file; undefined where there is none. */
export function readThrown(file: string): Thrown | undefined {
  try {
    const thrown = JSON.parse(readFileSync(file, 'utf8')) as Thrown;
    rmSync(file, { force: true });
    return thrown;
  } catch {
    return undefined;
  }
}

/** Tells what an exception was. @param program the file of the component's source */
export function thrownFailure(
  { type, words, stack, module }: Thrown,
  image: string,
  program: string,
): Failure {
  const ranOut = type === 'MemoryError';
  const fix =
    module !== null
      ? `name the package of ${module} in packages_to_install, or run with --runner docker where the image ${image} has it`
      : ranOut
        ? 'hold less in memory at a time, or run fewer tasks at a time'
        : undefined;
  return {
    code: ranOut ? 'FER6010' : 'FER6001',
    kind: 'user',
    problem: words,
    ...(fix !== undefined && { fix }),
    ...(stack !== '' && { stack: stack.replaceAll(program, 'ephemeral_component.py') }),
    retryable: true,
  };
}

/** Tells why a task's process ended without an exception, and otherwise than well. */
export function endFailure(end: Exclude<TaskEnd, InterpreterTrouble>): Failure {
  if (end.kind === 'exited')
    return {
      code: 'FER6008',
      kind: 'user',
      problem: `the component ended its process with exit code ${end.code} before it returned`,
      fix: 'let the function return, or raise an exception: sys.exit() leaves no outputs',
      retryable: true,
    };
  return {
    code: 'FER6009',
    kind: 'user',
    problem: `the component's process was killed by ${end.signal}`,
    fix:
      end.signal === 'SIGKILL'
        ? 'the machine most likely ran out of memory: hold less in memory, or run fewer tasks at a time'
        : 'a package with machine code most likely crashed: its last words are in the log',
    retryable: true,
  };
}

/** Tells why an interpreter runs no tasks. */
export function troubleFailure(trouble: InterpreterTrouble, python: string): Failure {
  if (trouble.kind === 'unstarted')
    return {
      code: 'FER6015',
      kind: 'infrastructure',
      problem: `the interpreter ${python} could not be started, or was ended: ${trouble.problem}`,
      fix: 'see whether this machine has processes and memory left, and whether the Python is whole: remove .ferrule/cache/python to have its environments made again',
      retryable: true,
    };
  const lacksKfp = trouble.module === 'kfp';
  return {
    code: 'FER6033',
    kind: 'user',
    problem: lacksKfp
      ? `the component does not install kfp, and ${python} does not have it`
      : `KFP's executor does not load in ${python}: ${trouble.words}`,
    fix: lacksKfp
      ? 'leave install_kfp_package as it is, or name a Python that has kfp with FERRULE_PYTHON; or run it in its image with --runner docker'
      : 'see which versions of kfp and Python go together; FERRULE_PYTHON names another Python',
    retryable: false,
  };
}
