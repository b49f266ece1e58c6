/** What a namespace holds while tests go on: pods and Jobs of runs. */
import { setTimeout as wait } from 'node:timers/promises';
import type { V1Job } from '@kubernetes/client-node';
import type { ClusterApis } from '../runners/kubernetes/cluster.ts';

export interface WatchedPods {
  /** Counts the pods that a run has had so far, by task: those that are gone too. */
  count(runId: string): Readonly<Record<string, number>>;
  stop(): void;
}

/** Keeps in mind each pod of a namespace that it sees; one stays for a second at the least. */
export function watchPods({ core }: ClusterApis, namespace: string): WatchedPods {
  const seen = new Map<string, { readonly runId: string; readonly task: string }>();
  const end = new AbortController();
  void (async () => {
    while (!end.signal.aborted) {
      // Other tests restart the API server.
      const list = await core.listNamespacedPod({ namespace }).catch(() => ({ items: [] }));
      for (const { metadata } of list.items)
        seen.set(metadata?.uid ?? '', {
          runId: metadata?.annotations?.['ferrule.dev/run'] ?? '',
          task: metadata?.annotations?.['ferrule.dev/task'] ?? '',
        });
      await wait(300);
    }
  })();
  return {
    count(runId) {
      const counts: Record<string, number> = {};
      for (const pod of seen.values())
        if (pod.runId === runId) counts[pod.task] = (counts[pod.task] ?? 0) + 1;
      return counts;
    },
    stop: () => end.abort(),
  };
}

/** Lists the Jobs of a run; asked again where the API server is away. */
export async function jobsOfRun(
  { batch }: ClusterApis,
  namespace: string,
  runId: string,
): Promise<readonly V1Job[]> {
  for (let tries = 0; ; tries++)
    try {
      return (await batch.listNamespacedJob({ namespace, labelSelector: `ferrule.dev/run=${runId}` })).items;
    } catch (error) {
      if (tries === 60) throw error;
      await wait(500);
    }
}

/** Waits until no Job of a run has a pod that runs; gives those that still have after half a minute. */
export async function quietJobs(
  apis: ClusterApis,
  namespace: string,
  runId: string,
): Promise<readonly V1Job[]> {
  for (let tries = 0; ; tries++) {
    const active = (await jobsOfRun(apis, namespace, runId)).filter(
      ({ status }) => (status?.active ?? 0) > 0,
    );
    if (active.length === 0 || tries === 60) return active;
    await wait(500);
  }
}
