/** The cluster of a bench: a namespace of its own, and how many pods were ever made in it. */
import { BatchV1Api, CoreV1Api, KubeConfig, Watch } from '@kubernetes/client-node';

/** Opens the cluster that FERRULE_TEST_KUBECONFIG names. */
export async function openCluster() {
  const config = new KubeConfig();
  config.loadFromFile(process.env.FERRULE_TEST_KUBECONFIG);
  const core = config.makeApiClient(CoreV1Api);
  const namespace = `bench-${Date.now().toString(36)}`;
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  const seen = new Set();
  const watch = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    {},
    (_, pod) => seen.add(pod.metadata.uid),
    () => undefined,
  );
  return {
    config,
    namespace,
    core,
    batch: config.makeApiClient(BatchV1Api),
    /** Counts the pods that were made so far, a moment after the last. */
    async podsSeen() {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return seen.size;
    },
    async remove() {
      watch.abort();
      await core.deleteNamespace({ name: namespace });
    },
  };
}
