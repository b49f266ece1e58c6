/** Why an attempt does not run yet. */
import type { Failure } from '../../../engine/ports.ts';
import { containersOf, type ClusterEvent, type Job, type Pod } from '../api/observed.ts';
import { schedulingReason } from './scheduling-message.ts';

/** A reason, in words for people, and what becomes of it where nobody helps. */
export interface Waiting {
  readonly reason: string;
  readonly kind: 'turn' | 'place' | 'setup' | 'step';
  /** What the attempt fails with: at once, or when `setup` takes too long. */
  readonly failure?: Failure;
  readonly hopeless?: boolean;
}

/** Tells why there is no pod yet. */
export function waitingWithoutPod(job: Job | undefined, events: readonly ClusterEvent[]): Waiting {
  if (job?.spec.suspend === true)
    return {
      kind: 'turn',
      reason:
        'its Job is suspended until its queue lets it start (where no Kueue runs in the cluster, it never does)',
    };
  const refused = lastEvent(events, 'Job', ['FailedCreate']);
  return refused === undefined
    ? { kind: 'step', reason: 'its pod is being made' }
    : refusedPod(refused.message.replace(/^Error creating: /, ''));
}

/** Tells what the API server has against the pod that a Job would make. */
function refusedPod(message: string): Waiting {
  if (/exceeded quota/.test(message))
    return {
      kind: 'place',
      reason: `the namespace's quota is used up: ${message.replace(/^.*exceeded quota: /, '')}`,
    };
  const policy = /violates PodSecurity/.test(message);
  const hopeless = policy || /maximum|minimum|must specify|Invalid value|is invalid/.test(message);
  return {
    kind: 'setup',
    reason: `the cluster refuses its pod: ${message}`,
    hopeless,
    failure: {
      code: 'FER6050',
      kind: 'user',
      problem: `the cluster refuses the task's pod: ${message}`,
      fix: policy
        ? 'ask for no more than the namespace allows: see securityContext in the platform spec, runAsUser and readOnlyRootFilesystem in cluster.yaml'
        : /serviceaccount/i.test(message)
          ? 'make the service account, or name another in cluster.yaml: `ferrule cluster manifests` prints it'
          : 'see the quotas, limit ranges and policies of the namespace',
      retryable: false,
    },
  };
}

/** Tells what keeps a pod from running its component; undefined where nothing does. */
export function waitingOfPod(pod: Pod, events: readonly ClusterEvent[]): Waiting | undefined {
  const scheduled = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
  if (pod.spec.nodeName === undefined) {
    if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable')
      return unschedulable(scheduled.message ?? '');
    if (scheduled?.reason === 'SchedulingGated')
      return { kind: 'turn', reason: 'its pod is held back by a scheduling gate' };
    return { kind: 'step', reason: 'a node is being chosen for it' };
  }
  for (const { name, image, state } of containersOf(pod)) {
    const { reason = '', message = '' } = state.waiting ?? {};
    const trouble = containerTrouble(reason, message, imageOf(pod, name) ?? image ?? 'its image');
    if (trouble !== undefined) return trouble;
  }
  const mount = lastEvent(events, 'Pod', ['FailedMount', 'FailedAttachVolume']);
  if (mount !== undefined && containersOf(pod).every(({ state }) => state.waiting !== undefined))
    return missingPart(mount.message);
  return undefined;
}

function unschedulable(message: string): Waiting {
  const reason = schedulingReason(message);
  if (!/^the volume claim .* does not exist$/.test(reason)) return { kind: 'place', reason };
  return {
    kind: 'setup',
    reason,
    failure: {
      code: 'FER6049',
      kind: 'user',
      problem: reason,
      fix: 'make the claim in the namespace of the run, then `ferrule resume`',
      retryable: false,
    },
  };
}

const pullReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImageInspectError']);

function containerTrouble(reason: string, message: string, image: string): Waiting | undefined {
  if (pullReasons.has(reason)) return imageTrouble(image, message, false);
  if (reason === 'InvalidImageName' || reason === 'ErrImageNeverPull')
    return imageTrouble(image, message, true);
  if (reason === 'CreateContainerConfigError') return missingPart(message);
  return undefined;
}

function imageTrouble(image: string, message: string, hopeless: boolean): Waiting {
  const why = pullTrouble(message);
  return {
    kind: 'setup',
    reason: `its image ${image} cannot be pulled: ${why.reason}`,
    hopeless,
    failure: {
      code: 'FER6048',
      kind: 'user',
      problem: `the image ${image} cannot be pulled: ${why.reason}`,
      fix: why.fix,
      retryable: false,
    },
  };
}

/** Says in a few words what a container runtime says in many. */
function pullTrouble(message: string): { readonly reason: string; readonly fix: string } {
  if (/Never|not present with pull policy/i.test(message))
    return {
      reason: 'it is not on the node, and its pull policy is Never',
      fix: 'set imagePullPolicy to IfNotPresent',
    };
  if (/couldn't parse|invalid reference/i.test(message))
    return { reason: 'that is no name of an image', fix: 'see the image that the spec names' };
  if (/unauthorized|authentication required|denied|forbidden|no basic auth|401|403/i.test(message))
    return {
      reason: 'the registry does not let the cluster in',
      fix: 'let the nodes read the registry, or name a secret with credentials in cluster.yaml: imagePullSecrets',
    };
  if (/not found|manifest unknown|name unknown|404/i.test(message))
    return {
      reason: 'the registry has no such image',
      fix: 'push it: `ferrule build --push`, and see that the name and tag are right',
    };
  if (
    /no such host|connection refused|i\/o timeout|deadline exceeded|no route|server gave HTTP response/i.test(
      message,
    )
  )
    return {
      reason: `the node cannot reach the registry (${message.replaceAll(/\s+/g, ' ').slice(-160)})`,
      fix: 'see that the registry has an address that nodes reach, and speaks TLS',
    };
  return {
    reason:
      message.replaceAll(/\s+/g, ' ').replace(/^Back-off pulling image "[^"]*"(: )?/, '') ||
      'no reason is told',
    fix: 'see `kubectl describe pod`',
  };
}

/** A secret, config map or volume is not there. */
function missingPart(message: string): Waiting {
  const found = /(secrets?|configmaps?|persistentvolumeclaims?) "([^"]+)" not found/i.exec(message);
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) \S+\/(\S+)/.exec(message);
  const root = /container has runAsNonRoot and image will run as root|non-numeric user/.test(message);
  const problem =
    found !== null
      ? `the ${kindName(found[1] ?? '')} ${found[2]} does not exist in the namespace`
      : key !== null
        ? `the ${kindName(key[2] ?? '')} ${key[3]} has no key ${key[1]}`
        : message.replaceAll(/\s+/g, ' ');
  return {
    kind: 'setup',
    reason: problem,
    ...(root && { hopeless: true }),
    failure: {
      code: 'FER6049',
      kind: 'user',
      problem,
      fix: root
        ? 'set runAsUser in cluster.yaml to a number other than 0'
        : 'make it in the namespace of the run, or correct its name, then `ferrule resume`',
      retryable: false,
    },
  };
}

function kindName(kind: string): string {
  if (/^secret/i.test(kind)) return 'secret';
  return /^configmap/i.test(kind) ? 'config map' : 'volume claim';
}

function imageOf({ spec }: Pod, name: string): string | undefined {
  return [...spec.initContainers, ...spec.containers].find((container) => container.name === name)?.image;
}

function lastEvent(
  events: readonly ClusterEvent[],
  kind: string,
  reasons: readonly string[],
): ClusterEvent | undefined {
  return events.findLast(
    ({ involvedObject, reason }) => involvedObject.kind === kind && reasons.includes(reason),
  );
}
