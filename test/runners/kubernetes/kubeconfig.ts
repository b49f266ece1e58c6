import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCluster } from '../../cluster/namespace.ts';

/** Writes a kubeconfig like the tests' own, changed. */
export async function kubeconfigWith(change: {
  readonly token?: string;
  readonly server?: string;
}): Promise<string> {
  const config = await testCluster();
  const cluster = config.getCurrentCluster();
  const file = join(await mkdtemp(join(tmpdir(), 'ferrule-kubeconfig-')), 'config');
  const server = change.server ?? cluster?.server;
  const certificate =
    cluster?.caData === undefined
      ? { 'certificate-authority': cluster?.caFile }
      : { 'certificate-authority-data': cluster.caData };
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server, ...certificate } }],
      users: [{ name: 'u', user: { token: change.token ?? 'wrong' } }],
    }),
  );
  return file;
}
