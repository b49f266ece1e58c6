import { parseAllDocuments } from 'yaml';
import { testCluster } from './namespace.ts';

/** Makes what `cluster manifests` prints, but for the namespace, which is there. */
export async function applyManifests(text: string): Promise<void> {
  const { KubernetesObjectApi } = await import('@kubernetes/client-node');
  const api = KubernetesObjectApi.makeApiClient(await testCluster());
  for (const document of parseAllDocuments(text)) {
    const object = document.toJS() as Parameters<typeof api.create>[0];
    if (object.kind !== 'Namespace') await api.create(object);
  }
}
