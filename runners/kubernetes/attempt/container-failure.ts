/** Failures of containers, from how they ended. */
import type { Failure, Outcome } from '../../../engine/ports.ts';
import { isWorthRetrying } from '../../../executor/failure.ts';
import { parseFailure } from '../../../executor/failure-file.ts';
import type { LastWords } from '../../../executor/last-words.ts';
import { componentContainer, stageIn, stageOut } from '../job/containers.ts';
import type { Pod, Terminated } from '../api/observed.ts';

/** The launcher's exit statuses that are no failure of the component itself. */
export const launcherExit = { wrote: 1, unkept: 75, stopped: 143 } as const;

/** The component used more memory than it may, or than there was. */
export function outOfMemory(pod: Pod): Failure {
  const all = [...pod.spec.initContainers, ...pod.spec.containers];
  const limit = all.find(({ name }) => name === componentContainer)?.resources?.limits?.['memory'];
  return {
    code: 'FER6010',
    kind: 'user',
    problem:
      limit === undefined
        ? 'the component ran out of memory: its node had no more'
        : `the component ran out of memory: it used more than its limit of ${limit}`,
    fix: 'ask for more memory, or hold less at a time',
    retryable: true,
  };
}

/** The container has not what it was to start. */
export function cannotStart(message: string, ours: boolean): Failure {
  return {
    code: 'FER6053',
    kind: 'user',
    problem: `the container could not be started: ${oneLine(message)}`,
    fix: ours
      ? 'see that the image was built by `ferrule build`, which puts node, the launcher and the component in'
      : 'see that the image has the program that the command names, and that its arguments are not too long',
    retryable: false,
  };
}

/** Lines that a failure shows. */
export const shownLines = 20;

/** The container ended with an error and said nothing that reads. */
export function exitFailure(exitCode: number, words: LastWords): Failure {
  const stack = words.lines.length === 0 ? {} : { stack: words.lines.slice(-shownLines).join('\n') };
  if (exitCode === 137)
    return {
      code: 'FER6009',
      kind: 'user',
      problem: "the component's process was killed by SIGKILL",
      fix: 'most likely it ran out of memory: ask for more, or hold less at a time',
      ...stack,
      retryable: true,
    };
  return {
    code: 'FER6052',
    kind: 'user',
    problem: `the container ended with exit code ${exitCode}${words.telling === '' ? '' : `: ${words.telling}`}`,
    fix: 'its last lines are in the log',
    ...stack,
    retryable: true,
  };
}

/**
 * Has the failure of a container say what its log ends with. On a busy node a kubelet takes a container's last words
 * before all of them are there.
 * @param words of a log that was read to its end
 */
export function withLastLines(outcome: Outcome, words: LastWords | undefined): Outcome {
  if (outcome.kind !== 'failed' || words === undefined || words.telling === '') return outcome;
  const [, exitCode] = /^the container ended with exit code (\d+)/.exec(outcome.failure.problem) ?? [];
  if (outcome.failure.code !== 'FER6052' || exitCode === undefined) return outcome;
  return { kind: 'failed', failure: exitFailure(Number(exitCode), words) };
}

/** Inputs and outputs are the runtime image's work, and so is what goes wrong there. */
export function stagingFailure(name: string, { exitCode, reason = '', message = '' }: Terminated): Failure {
  const told = parseFailure(message.trim());
  const what = name === stageIn ? 'its inputs could not be brought' : 'its outputs could not be kept';
  if (told !== undefined)
    return {
      ...told,
      kind: exitCode === launcherExit.unkept ? 'infrastructure' : 'user',
      retryable: isWorthRetrying(told.code),
    };
  const own = name === stageIn || name === stageOut;
  const detail =
    reason === 'OOMKilled'
      ? 'it ran out of memory'
      : message.trim() === ''
        ? `exit code ${exitCode}`
        : oneLine(message);
  return {
    code: own ? 'FER6056' : 'FER6052',
    kind: own ? 'infrastructure' : 'user',
    problem: own
      ? `${what}: ${detail}`
      : `the init container ${name} ended with exit code ${exitCode}: ${detail}`,
    fix: own
      ? 'see that the pod may read and write the pipeline root: its service account, storeSecret and env in cluster.yaml'
      : 'see its log: kubectl logs',
    retryable: own,
  };
}

/** Writes words of the cluster as one line. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 500);
}
