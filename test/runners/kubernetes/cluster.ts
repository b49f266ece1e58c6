/** What tests look at, and put, in the cluster by themselves. */
import type { BatchV1Api, CoreV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { testCluster } from '../../cluster/namespace.ts';

export interface ClusterApis {
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly rbac: RbacAuthorizationV1Api;
}

export async function clusterApis(): Promise<ClusterApis> {
  const client = await import('@kubernetes/client-node');
  const config = await testCluster();
  return {
    core: config.makeApiClient(client.CoreV1Api),
    batch: config.makeApiClient(client.BatchV1Api),
    rbac: config.makeApiClient(client.RbacAuthorizationV1Api),
  };
}

/** Names the pods of a Job. */
export async function podsOf({ core }: ClusterApis, namespace: string, job: string): Promise<string[]> {
  const { items } = await core.listNamespacedPod({
    namespace,
    labelSelector: `batch.kubernetes.io/job-name=${job}`,
  });
  return items.map(({ metadata }) => metadata?.name ?? '');
}

/** Names the Jobs of a namespace. */
export async function jobsOf({ batch }: ClusterApis, namespace: string): Promise<string[]> {
  const { items } = await batch.listNamespacedJob({ namespace });
  return items.map(({ metadata }) => metadata?.name ?? '');
}
