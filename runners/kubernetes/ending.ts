/** What became of an attempt whose pod is over. */
import type { Failure, Outcome } from '../../engine/ports.ts';
import { isWorthRetrying } from '../../executor/failure.ts';
import { parseFailure } from '../../executor/failure-file.ts';
import { componentContainer, stageIn, stageOut } from './containers.ts';
import {
  conditionOf,
  containerOf,
  containersOf,
  imageUsed,
  type Job,
  type Pod,
  type Terminated,
} from './observed.ts';

/** The launcher's exit statuses that are no failure of the component itself. */
const launcherExit = { wrote: 1, misused: 64, unkept: 75, stopped: 143 } as const;

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
export function timeoutFailure(seconds: number | undefined): Failure {
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
  return { kind: 'failed', failure: exitFailure(exitCode, message) };
}

function outOfMemory(pod: Pod): Failure {
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

function cannotStart(message: string, ours: boolean): Failure {
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

function exitFailure(exitCode: number, message: string): Failure {
  const words = message.trim();
  const stack = words === '' ? {} : { stack: words.split('\n').slice(-20).join('\n') };
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
    problem: `the container ended with exit code ${exitCode}${words === '' ? '' : `: ${words.split('\n').at(-1)}`}`,
    fix: 'its last lines are in the log',
    ...stack,
    retryable: true,
  };
}

/** Inputs and outputs are the runtime image's work, and so is what goes wrong there. */
function stagingFailure(name: string, { exitCode, reason = '', message = '' }: Terminated): Failure {
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

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 500);
}
