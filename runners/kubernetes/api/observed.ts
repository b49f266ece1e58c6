/** What the API server tells of Jobs, pods and events: read once, here. */
import * as z from 'zod';

const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string().exactOptional(),
  creationTimestamp: z.string().exactOptional(),
  deletionTimestamp: z.string().exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().exactOptional(),
  message: z.string().exactOptional(),
});

export const jobSchema = z.object({
  metadata,
  spec: z.object({ suspend: z.boolean().exactOptional() }).default({}),
  status: z.object({ conditions: z.array(condition).exactOptional() }).default({}),
});

const terminated = z.object({
  exitCode: z.number(),
  signal: z.number().exactOptional(),
  reason: z.string().exactOptional(),
  message: z.string().exactOptional(),
});

const containerStatus = z.object({
  name: z.string(),
  image: z.string().exactOptional(),
  imageID: z.string().exactOptional(),
  state: z
    .object({
      waiting: z
        .object({ reason: z.string().exactOptional(), message: z.string().exactOptional() })
        .exactOptional(),
      running: z.object({}).exactOptional(),
      terminated: terminated.exactOptional(),
    })
    .default({}),
});

const container = z.object({
  name: z.string(),
  image: z.string().exactOptional(),
  resources: z.object({ limits: z.record(z.string(), z.string()).exactOptional() }).exactOptional(),
});

export const podSchema = z.object({
  metadata,
  spec: z
    .object({
      nodeName: z.string().exactOptional(),
      containers: z.array(container).default([]),
      initContainers: z.array(container).default([]),
      activeDeadlineSeconds: z.number().exactOptional(),
    })
    .default({ containers: [], initContainers: [] }),
  status: z
    .object({
      phase: z.string().exactOptional(),
      reason: z.string().exactOptional(),
      message: z.string().exactOptional(),
      conditions: z.array(condition).exactOptional(),
      containerStatuses: z.array(containerStatus).exactOptional(),
      initContainerStatuses: z.array(containerStatus).exactOptional(),
    })
    .default({}),
});

export const eventSchema = z.object({
  metadata,
  reason: z.string().default(''),
  message: z.string().default(''),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
  lastTimestamp: z.string().nullable().exactOptional(),
  eventTime: z.string().nullable().exactOptional(),
});

export type Job = z.infer<typeof jobSchema>;
export type Pod = z.infer<typeof podSchema>;
export type ContainerStatus = z.infer<typeof containerStatus>;
export type Terminated = z.infer<typeof terminated>;
export type Condition = z.infer<typeof condition>;
export type ClusterEvent = z.infer<typeof eventSchema>;

/** Finds a condition that holds. */
export function conditionOf(
  { status }: { readonly status: { readonly conditions?: readonly Condition[] } },
  type: string,
): Condition | undefined {
  return status.conditions?.find((one) => one.type === type && one.status === 'True');
}

/** Finds the state of a container, be it an init container or not. */
export function containerOf(pod: Pod, name: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
  return [...initContainerStatuses, ...containerStatuses].find((status) => status.name === name);
}

/** Tells the image that a container really runs, with its digest; undefined where the node has not told. */
export function imageUsed(pod: Pod, container: string): string | undefined {
  const id = containerOf(pod, container)?.imageID?.replace(/^[a-z-]+:\/\//, '');
  return id?.includes('@sha256:') === true ? id : undefined;
}

/** Lists the containers in the order in which they run. */
export function containersOf(pod: Pod): readonly ContainerStatus[] {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
  return [...initContainerStatuses, ...containerStatuses];
}

/** Whether no process of the pod runs any more, or ever will. */
export function isOver(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}
