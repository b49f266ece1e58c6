/** Where an attempt stands, from what is seen of it. */
import type { Failure, Outcome } from '../../../engine/ports.ts';
import { componentContainer, stageIn } from '../job/containers.ts';
import { disruptionReason, outcomeOfPod, outcomeWithoutPod } from './ending.ts';
import { conditionOf, containerOf, isOver, type Job, type Pod } from '../api/observed.ts';
import type { Sight } from './run-view.ts';
import { waitingOfPod, waitingWithoutPod, type Waiting } from './waiting.ts';

export type Standing =
  | { readonly kind: 'waiting'; readonly waiting: Waiting }
  | { readonly kind: 'running'; readonly on?: string }
  /** The pod was told to go, and does not. */
  | { readonly kind: 'leaving'; readonly reason: string }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/** What was seen of the attempt before. */
export interface Memory {
  readonly job: Job | undefined;
  readonly pod: Pod | undefined;
  /** `Sight.lists` when the Job was known to exist. */
  readonly lists: number;
  readonly timeoutSeconds: number | undefined;
}

/** Tells where an attempt stands whose Job exists, or existed. */
export function judge(sight: Sight, memory: Memory): Standing {
  const { job, pod, events } = sight;
  // Whoever suspends a Job takes its pod away, and gives it another later: that is no end.
  if (job?.spec.suspend === true && !isDone(pod))
    return { kind: 'waiting', waiting: waitingWithoutPod(job, events) };
  if (pod !== undefined) return judgePod(pod, sight, memory.timeoutSeconds);
  const isGone =
    memory.pod !== undefined ||
    (job === undefined && (memory.job !== undefined || sight.lists >= memory.lists + 2));
  if (isGone || hasEnded(job)) return { kind: 'ended', outcome: outcomeWithoutPod(job, memory.pod) };
  return { kind: 'waiting', waiting: waitingWithoutPod(job, events) };
}

function judgePod(pod: Pod, { events }: Sight, timeoutSeconds: number | undefined): Standing {
  if (isOver(pod)) return { kind: 'ended', outcome: outcomeOfPod(pod, timeoutSeconds) };
  if (pod.metadata.deletionTimestamp !== undefined) {
    const disruption = conditionOf(pod, 'DisruptionTarget');
    const reason =
      disruption === undefined
        ? `its pod ${pod.metadata.name} was deleted by somebody`
        : disruptionReason(disruption.reason ?? '', disruption.message ?? '');
    return { kind: 'leaving', reason };
  }
  const component = containerOf(pod, componentContainer)?.state;
  if (component?.running !== undefined && isSilent(pod, events))
    return {
      kind: 'waiting',
      waiting: {
        kind: 'step',
        reason: `its node ${pod.spec.nodeName} does not answer: the cluster gives it up after some minutes`,
      },
    };
  if (component?.running !== undefined || component?.terminated !== undefined)
    return { kind: 'running', ...(pod.spec.nodeName !== undefined && { on: pod.spec.nodeName }) };
  const waiting = waitingOfPod(pod, events);
  if (waiting !== undefined) return { kind: 'waiting', waiting };
  const staging = containerOf(pod, stageIn)?.state;
  const reason =
    staging?.running === undefined
      ? `its image is pulled and its volumes are mounted on ${pod.spec.nodeName}`
      : `its inputs are brought to ${pod.spec.nodeName}`;
  return { kind: 'waiting', waiting: { kind: 'step', reason } };
}

function isDone(pod: Pod | undefined): boolean {
  return pod?.status.phase === 'Succeeded';
}

/** The cluster no longer hears of the pod's node; a pod whose node is back is ready again. */
function isSilent(pod: Pod, events: Sight['events']): boolean {
  const ready = pod.status.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' && events.some(({ reason }) => reason === 'NodeNotReady');
}

/** Tells whether a Job has ended, one way or the other. */
export function hasEnded(job: Job | undefined): boolean {
  if (job === undefined) return false;
  return conditionOf(job, 'Failed') !== undefined || conditionOf(job, 'Complete') !== undefined;
}

/** Limits on waiting, in milliseconds. */
export interface WaitingLimits {
  readonly setup: number;
  readonly place?: number;
}

/** Tells with what an attempt fails that has waited so long for one and the same kind of thing. */
export function failureOfWaiting(
  waiting: Waiting,
  waited: number,
  limits: WaitingLimits,
): Failure | undefined {
  if (waiting.failure !== undefined && (waiting.hopeless === true || waited >= limits.setup))
    return waiting.failure;
  const isPlace = waiting.kind === 'place' || waiting.kind === 'turn';
  if (!isPlace || limits.place === undefined || waited < limits.place) return undefined;
  return {
    code: 'FER6054',
    kind: 'infrastructure',
    problem: `the task waited ${Math.round(limits.place / 1000)} s for a place in the cluster: ${waiting.reason}`,
    fix: 'wait for longer (waitingTimeout in cluster.yaml), ask for less, or add nodes',
    retryable: false,
  };
}
