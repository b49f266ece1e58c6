/** What became of an attempt whose pod is over. */
import type { Failure, Outcome } from '../../../engine/ports.ts';
import { isWorthRetrying } from '../../../executor/failure.ts';
import { parseFailure } from '../../../executor/failure-file.ts';
import { lastWordsOf } from '../../../executor/last-words.ts';
import {
  cannotStart,
  exitFailure,
  launcherExit,
  oneLine,
  outOfMemory,
  stagingFailure,
} from './container-failure.ts';
import { componentContainer } from '../job/containers.ts';
import {
  conditionOf,
  containerOf,
  containersOf,
  imageUsed,
  type Job,
  type Pod,
  type Terminated,
} from '../api/observed.ts';

/**
 * Tells the outcome of a pod that is over.
 * @param timeoutSeconds as the task has it
 */
export function outcomeOfPod(pod: Pod, timeoutSeconds = pod.spec.activeDeadlineSeconds): Outcome {
  if (pod.status.phase === 'Succeeded') return sealed(pod);
  const taken = takenAway(pod);
  if (taken !== undefined) return { kind: 'lost', reason: taken };
  const own = ownLimit(pod, timeoutSeconds);
  if (own !== undefined) return { kind: 'failed', failure: own };
  const ended = failedContainer(pod);
  if (ended === undefined) return { kind: 'failed', failure: withoutReason(pod) };
  return ended.name === componentContainer
    ? componentOutcome(pod, ended.state)
    : { kind: 'failed', failure: stagingFailure(ended.name, ended.state) };
}

/** The attempt wrote its result: all that is left to tell is the image. */
export function sealed(pod: Pod | undefined): Outcome {
  const image = pod === undefined ? undefined : imageUsed(pod, componentContainer);
  return { kind: 'sealed', ...(image !== undefined && { image }) };
}

/** Kubelet's words for a pod that it did not take, or had to give up, for reasons of the node's own. */
const nodeReasons: Readonly<Record<string, string>> = {
  NodeLost: 'its node went away',
  NodeShutdown: 'its node was shut down',
  Terminated: 'its node was shut down',
  Shutdown: 'its node was shut down',
  NodeAffinity: 'its node no longer has the labels it asks for',
  Preempting: 'it was preempted by a more important pod',
  UnexpectedAdmissionError: 'its node could not give it what the scheduler had promised',
};

/** Tells by what the platform took the pod away; undefined where it did not. */
function takenAway(pod: Pod): string | undefined {
  const { reason = '', message = '' } = pod.status;
  const disruption = conditionOf(pod, 'DisruptionTarget');
  if (reason === 'Evicted' && disruption === undefined && isOwnEviction(message)) return undefined;
  if (disruption !== undefined) return disruptionReason(disruption.reason ?? '', disruption.message ?? '');
  if (reason === 'Evicted') return `its node ran short of something and evicted it: ${oneLine(message)}`;
  const known = nodeReasons[reason];
  if (known !== undefined) return message === '' ? known : `${known}: ${oneLine(message)}`;
  if (reason.startsWith('OutOf'))
    return `its node had no ${reason.slice('OutOf'.length)} left when the pod came`;
  if (pod.metadata.deletionTimestamp !== undefined && reason !== 'DeadlineExceeded')
    return `its pod ${pod.metadata.name} was deleted by somebody`;
  return undefined;
}

/** Tells what a disruption is, of a pod that is over or still ends. */
export function disruptionReason(reason: string, message: string): string {
  const words: Readonly<Record<string, string>> = {
    PreemptionByScheduler: 'it was preempted by a more important pod',
    DeletionByTaintManager: 'its node went away or was closed to it',
    EvictionByEvictionAPI: 'it was evicted, most likely because its node is being drained',
    DeletionByPodGC: 'its node is gone from the cluster',
    TerminationByKubelet: 'its node was shut down, or ran short of something',
  };
  const known = words[reason] ?? 'the cluster took it away';
  return message === '' ? known : `${known}: ${oneLine(message)}`;
}

function isOwnEviction(message: string): boolean {
  return /exceeds? (its|the total) |exceeded its|usage of EmptyDir volume .* exceeds/i.test(message);
}

/** The component met a limit of its own that is no exit code. */
function ownLimit(pod: Pod, timeoutSeconds: number | undefined): Failure | undefined {
  const { reason, message = '' } = pod.status;
  if (reason === 'DeadlineExceeded') return timeoutFailure(timeoutSeconds);
  if (reason !== 'Evicted') return undefined;
  return {
    code: 'FER6051',
    kind: 'user',
    problem: `the task used more local storage than it may: ${oneLine(message)}`,
    fix: 'raise the size limit of the volume, or mount a larger one',
    retryable: false,
  };
}

/** The failure of an attempt that took too long, as every runner tells it. */
function timeoutFailure(seconds: number | undefined): Failure {
  return {
    code: 'FER6011',
    kind: 'user',
    problem:
      seconds === undefined
        ? 'the task took longer than its timeout'
        : `the task took longer than its timeout of ${seconds} s`,
    fix: 'raise the timeout of the task',
    retryable: true,
  };
}

/** Finds the container that ended with an error: the first, since those after it never ran. */
function failedContainer(pod: Pod): { readonly name: string; readonly state: Terminated } | undefined {
  for (const { name, state } of containersOf(pod))
    if (state.terminated !== undefined && state.terminated.exitCode !== 0)
      return { name, state: state.terminated };
  return undefined;
}

function componentOutcome(pod: Pod, state: Terminated): Outcome {
  const { exitCode, reason = '', message = '' } = state;
  const ours = !pod.spec.initContainers.some(({ name }) => name === componentContainer);
  const told = parseFailure(message.trim());
  if (ours && exitCode === launcherExit.wrote && told !== undefined) return sealed(pod);
  if (reason === 'OOMKilled') return { kind: 'failed', failure: outOfMemory(pod) };
  if (reason === 'StartError' || reason === 'ContainerCannotRun' || exitCode === 128)
    return { kind: 'failed', failure: cannotStart(message, ours) };
  if (ours && /Cannot find module '\/ferrule\//.test(message))
    return { kind: 'failed', failure: cannotStart("it does not have Ferrule's launcher", ours) };
  if (told !== undefined)
    return {
      kind: 'failed',
      failure: {
        ...told,
        kind: ours && exitCode === launcherExit.unkept ? 'infrastructure' : 'user',
        retryable: isWorthRetrying(told.code),
      },
    };
  if (ours && exitCode === launcherExit.stopped)
    return { kind: 'lost', reason: 'it was asked to stop, and the cluster does not tell by whom' };
  return { kind: 'failed', failure: exitFailure(exitCode, lastWordsOf(message.split('\n'))) };
}

function withoutReason(pod: Pod): Failure {
  const { reason = '', message = '' } = pod.status;
  return {
    code: 'FER6057',
    kind: 'infrastructure',
    problem: `the pod ${pod.metadata.name} failed${reason === '' ? '' : `: ${reason}`}${message === '' ? ' and does not tell why' : ` (${oneLine(message)})`}`,
    fix: `see kubectl describe pod ${pod.metadata.name}`,
    retryable: true,
  };
}

/** Tells what became of an attempt whose pod is gone, or never was. */
export function outcomeWithoutPod(job: Job | undefined, last: Pod | undefined): Outcome {
  const failed = job === undefined ? undefined : conditionOf(job, 'Failed');
  if (failed?.reason === 'DeadlineExceeded') return { kind: 'failed', failure: timeoutFailure(undefined) };
  if (job !== undefined && conditionOf(job, 'Complete') !== undefined) return { kind: 'sealed' };
  const disruption = last === undefined ? undefined : conditionOf(last, 'DisruptionTarget');
  if (disruption !== undefined)
    return { kind: 'lost', reason: disruptionReason(disruption.reason ?? '', disruption.message ?? '') };
  if (job === undefined || job.metadata.deletionTimestamp !== undefined)
    return { kind: 'lost', reason: 'its Job was deleted by somebody' };
  return {
    kind: 'lost',
    reason: last === undefined ? 'its pod is gone' : `its pod ${last.metadata.name} was deleted by somebody`,
  };
}

/** Tells whether a container ran at all, so that it has a log. */
export function hasLog(pod: Pod, container: string): 'no' | 'open' | 'ended' {
  const state = containerOf(pod, container)?.state;
  if (state?.running !== undefined) return 'open';
  return state?.terminated === undefined ? 'no' : 'ended';
}
