/** What there is of one run in the cluster, kept up to date by three watches that all of its attempts share. */
import { ApiError } from '../api/api-error.ts';
import type { Connection } from '../api/connection.ts';
import { runSelector } from '../api/label-value.ts';
import { eventSchema, jobSchema, podSchema, type ClusterEvent, type Job, type Pod } from '../api/observed.ts';
import { reflect, type Reflection } from '../api/reflector.ts';

/** What is known of one attempt. */
export interface Sight {
  readonly job: Job | undefined;
  readonly pod: Pod | undefined;
  /** Warnings about the Job and its pod, oldest first. */
  readonly events: readonly ClusterEvent[];
  /** What keeps this from being up to date; undefined where nothing does. */
  readonly trouble: Trouble | undefined;
  /** How often all Jobs were listed: what is not in a list that began later does not exist. */
  readonly lists: number;
}

export interface Trouble {
  readonly error: unknown;
  /** When it began, in milliseconds of `performance.now()`. */
  readonly since: number;
  /** The server refuses, and will go on refusing. */
  readonly lasting: boolean;
}

export interface RunView {
  see(jobName: string): Sight;
  /** Calls back after changes that may concern the Job; returns how to stop that. */
  watch(jobName: string, onChange: () => void): () => void;
  close(): void;
}

/** Most warnings kept for an attempt. */
const mostEvents = 20;

/** Begins to watch a run. */
export function watchRun(connection: Connection, runId: string): RunView {
  const jobs = new Map<string, Job>();
  const pods = new Map<string, Map<string, Pod>>();
  const events = new Map<string, ClusterEvent[]>();
  const watchers = new Map<string, Set<() => void>>();
  const troubles = new Map<string, Trouble>();
  const end = new AbortController();
  let lists = 0;

  const tell = (jobName: string | undefined): void => {
    const names = jobName === undefined ? [...watchers.keys()] : [jobName];
    for (const name of names) for (const onChange of watchers.get(name) ?? []) onChange();
  };
  const trouble = (resource: string) => (error: unknown) => {
    const before = troubles.get(resource);
    if (error === undefined) {
      if (troubles.delete(resource)) tell(undefined);
      return;
    }
    const lasting = error instanceof ApiError && (error.status === 403 || error.status === 401);
    troubles.set(resource, { error, since: before?.since ?? performance.now(), lasting });
    if (before === undefined || before.lasting !== lasting) tell(undefined);
  };
  const namespace = `namespaces/${connection.namespace}`;
  const labelSelector = runSelector(runId);

  const jobReflection: Reflection<Job> = {
    resource: 'jobs',
    path: `/apis/batch/v1/${namespace}/jobs`,
    query: { labelSelector },
    schema: jobSchema,
    replace(all) {
      jobs.clear();
      for (const job of all) jobs.set(job.metadata.name, job);
      lists += 1;
      tell(undefined);
    },
    change(type, job) {
      if (type === 'DELETED') jobs.delete(job.metadata.name);
      else jobs.set(job.metadata.name, job);
      tell(job.metadata.name);
    },
    trouble: trouble('jobs'),
  };
  const podReflection: Reflection<Pod> = {
    resource: 'pods',
    path: `/api/v1/${namespace}/pods`,
    query: { labelSelector },
    schema: podSchema,
    replace(all) {
      pods.clear();
      for (const pod of all) keepPod(pods, pod);
      tell(undefined);
    },
    change(type, pod) {
      if (type === 'DELETED') pods.get(jobOf(pod))?.delete(pod.metadata.name);
      else keepPod(pods, pod);
      tell(jobOf(pod));
    },
    trouble: trouble('pods'),
  };
  const eventReflection: Reflection<ClusterEvent> = {
    resource: 'events',
    path: `/api/v1/${namespace}/events`,
    // Events have no labels of ours; warnings alone are few.
    query: { fieldSelector: 'type!=Normal' },
    schema: eventSchema,
    replace(all) {
      events.clear();
      for (const event of all) keepEvent(events, event);
      tell(undefined);
    },
    change(type, event) {
      if (type === 'DELETED') forgetEvent(events, event);
      else keepEvent(events, event);
      for (const name of watchers.keys()) if (concerns(event, name)) tell(name);
    },
    // Without events an attempt tells less of why it waits, and works as well.
    trouble: () => undefined,
  };
  void reflect(connection, jobReflection, end.signal);
  void reflect(connection, podReflection, end.signal);
  void reflect(connection, eventReflection, end.signal);

  return {
    see(name) {
      const pod = newest([...(pods.get(name)?.values() ?? [])]);
      return {
        job: jobs.get(name),
        pod,
        events: [...(events.get(name) ?? []), ...((pod && events.get(pod.metadata.name)) ?? [])],
        trouble: troubles.get('pods') ?? troubles.get('jobs'),
        lists,
      };
    },
    watch(name, onChange) {
      const own = watchers.get(name) ?? new Set();
      watchers.set(name, own.add(onChange));
      return () => {
        own.delete(onChange);
        if (own.size === 0) watchers.delete(name);
      };
    },
    close: () => end.abort(),
  };
}

function jobOf(pod: Pod): string {
  return pod.metadata.labels?.['batch.kubernetes.io/job-name'] ?? pod.metadata.labels?.['job-name'] ?? '';
}

function keepPod(pods: Map<string, Map<string, Pod>>, pod: Pod): void {
  const own = pods.get(jobOf(pod)) ?? new Map<string, Pod>();
  pods.set(jobOf(pod), own.set(pod.metadata.name, pod));
}

function newest(pods: readonly Pod[]): Pod | undefined {
  return pods
    .toSorted((a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
    )
    .at(-1);
}

/** Keeps the last warning of each kind about an object. */
function keepEvent(events: Map<string, ClusterEvent[]>, event: ClusterEvent): void {
  const { name } = event.involvedObject;
  const others = (events.get(name) ?? []).filter(({ metadata }) => metadata.uid !== event.metadata.uid);
  events.set(name, [...others, event].slice(-mostEvents));
}

/** The cluster forgets warnings after an hour, and so does this. */
function forgetEvent(events: Map<string, ClusterEvent[]>, { involvedObject, metadata }: ClusterEvent): void {
  const others = (events.get(involvedObject.name) ?? []).filter(
    ({ metadata: of }) => of.uid !== metadata.uid,
  );
  if (others.length === 0) events.delete(involvedObject.name);
  else events.set(involvedObject.name, others);
}

/** A pod's name is its Job's and five letters more. */
function concerns({ involvedObject: { kind, name } }: ClusterEvent, jobName: string): boolean {
  if (kind === 'Job') return name === jobName;
  return kind === 'Pod' && name.startsWith(`${jobName}-`) && name.length === jobName.length + 6;
}
