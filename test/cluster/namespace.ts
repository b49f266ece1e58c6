import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

/** A namespace of one test's own. */
export interface TestNamespace {
  readonly name: string;
  /** Deletes it with all that is in it; does not wait for the end of it. */
  readonly remove: () => Promise<void>;
}

/** Reads the configuration that FERRULE_TEST_KUBECONFIG names. */
export async function testCluster(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(process.env['FERRULE_TEST_KUBECONFIG'] ?? '');
  return config;
}

/**
 * Makes a namespace that takes only pods of the security standard "restricted", and waits until pods can start in it.
 * @param purpose the beginning of its name: lower-case letters, digits and hyphens
 */
export async function makeNamespace(
  purpose = 'test',
  labels: Readonly<Record<string, string>> = {},
): Promise<TestNamespace> {
  const { CoreV1Api } = await import('@kubernetes/client-node');
  const core = (await testCluster()).makeApiClient(CoreV1Api);
  const name = `${purpose}-${randomBytes(4).toString('hex')}`;
  await core.createNamespace({
    body: { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted', ...labels } } },
  });
  await serviceAccount(core, name);
  return { name, remove: async () => void (await core.deleteNamespace({ name })) };
}

/** Waits for the service account "default", without which the API server refuses every pod. */
async function serviceAccount(core: CoreV1Api, namespace: string): Promise<void> {
  const end = Date.now() + 90_000;
  for (;;) {
    try {
      await core.readNamespacedServiceAccount({ name: 'default', namespace });
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(50);
  }
}
