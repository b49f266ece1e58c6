/** A server in a cluster, set up by what `ferrule cluster manifests --server` prints, and used from outside by KFP's own client. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { KubernetesObjectApi, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { testCluster } from '../cluster/namespace.ts';
import { dockerEngine, gcsServer, kfpPython, kubeconfig, registry } from '../counterparts.ts';
import { openClusterProject, type Begun, type ClusterProject } from '../end-to-end/cluster-project.ts';
import { watchPods, type WatchedPods } from '../end-to-end/watched-pods.ts';
import { clusterApis, type ClusterApis } from '../runners/kubernetes/cluster.ts';
import { finishRun, startRun, useServer, type Reached } from './client.ts';

const ready = [kubeconfig, dockerEngine, registry, gcsServer, kfpPython].every((one) => one !== undefined);
const name = 'ferrule-server';

const pipeline = `
import { component, int, pipeline, type Dataset, type Int } from 'ferrule';
import { readFileSync, writeFileSync } from 'node:fs';
const image = '${registry}/deployed/work:1';
export const gather = component({ image }, async ({ n }: { readonly n: Int }, out: { data: Dataset }) => {
  console.log('gathering ' + n);
  writeFileSync(out.data.path, 'x'.repeat(n));
});
export const measure = component(
  { image },
  async ({ data, seconds }: { readonly data: Dataset; readonly seconds: Int }): Promise<{ length: Int }> => {
    await new Promise((done) => setTimeout(done, 1000 * seconds));
    return { length: readFileSync(data.path, 'utf8').length };
  },
);
export default pipeline('work', { n: int(7), seconds: int(0) }, ({ n, seconds }) => {
  const gathered = gather({ n });
  return { length: measure({ data: gathered.outputs.data, seconds }).outputs.length };
});
`;

describe.skipIf(!ready)('a server in a cluster', () => {
  let project: ClusterProject;
  let apis: ClusterApis;
  let pods: WatchedPods;
  let disk: string;
  let token: string;
  let package_: string;

  const serverPods = async (): Promise<readonly V1Pod[]> => {
    const labelSelector = `app.kubernetes.io/name=${name}`;
    const { items } = await apis.core.listNamespacedPod({ namespace: project.namespace.name, labelSelector });
    return items;
  };
  /** Waits until one pod of the server is ready, which is not one of those. */
  const ready_ = async (not: string | undefined = undefined): Promise<Reached & { readonly pod: string }> => {
    for (let tries = 0; tries < 300; tries++) {
      for (const { metadata, status } of await serverPods()) {
        const isReady = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
        const pod = metadata?.name ?? '';
        if (isReady === true && pod !== not && metadata?.deletionTimestamp === undefined)
          return { url: `http://${status?.podIP}:8888`, token, pod };
      }
      await wait(300);
    }
    throw new Error(JSON.stringify((await serverPods()).map(({ status }) => status)));
  };
  const called = async (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> => {
    const result = await project.project.call(...args);
    if (result.status !== 0) throw new Error(result.stderr);
    return result;
  };

  beforeAll(async () => {
    project = await openClusterProject('deployed', pipeline, {
      FERRULE_SERVER_IMAGE: `${registry}/deployed/server:1`,
    });
    const { name: namespace } = project.namespace;
    apis = await clusterApis();
    pods = watchPods(apis, namespace);
    await called('build', '--push');
    await called('build', '--server', '--push');
    await called('compile', 'pipeline.ts', '-o', 'work.yaml');
    package_ = join(project.project.folder, 'work.yaml');
    const made = await called('token', 'ann', '--namespaces', 'team');
    token = /token: (\S+)/.exec(made.stderr)?.[1] ?? '';
    const api = KubernetesObjectApi.makeApiClient(await testCluster());
    // This cluster has nobody who makes volumes.
    disk = await mkdtemp(join(tmpdir(), 'ferrule-volume-'));
    await chmod(disk, 0o777);
    await api.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: namespace },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace, name },
        hostPath: { path: disk },
      },
    } as Parameters<typeof api.create>[0]);
    await api.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'ferrule-server-tokens', namespace },
      stringData: { tokens: made.stdout },
    } as Parameters<typeof api.create>[0]);
    const root = `gs://${namespace}/root`;
    const { stdout } = await called('cluster', 'manifests', '--server', '--root', root, '--volume', '1Gi');
    for (const document of parseAllDocuments(stdout)) {
      const object = document.toJS() as Parameters<typeof api.create>[0];
      if (object.kind !== 'Namespace') await api.create(object);
    }
  }, 300_000);
  afterAll(async () => {
    pods.stop();
    await project.close();
    await apis.core.deletePersistentVolume({ name: project.namespace.name });
    await rm(disk, { recursive: true, force: true });
  });

  it("runs what KFP's client uploads as Jobs, with the rights that its manifests give it alone", async () => {
    const reached = await ready_();
    const parameters = { n: 5 };
    expect(await useServer(reached, { package: package_, parameters, task: 'gather' })).toMatchObject({
      state: 'SUCCEEDED',
      tasks: { gather: 'SUCCEEDED', measure: 'SUCCEEDED' },
      listed: true,
      log: 'gathering 5\n',
      deleted: true,
    });
  }, 180_000);

  it.each([
    ['asked to leave', undefined],
    ['taken away without a word', 0],
  ])(
    'loses nothing where its pod is %s in the middle of a run: the next adopts its Jobs, and no task runs twice',
    async (_, gracePeriodSeconds) => {
      const { pod, ...first } = await ready_();
      const parameters = { n: gracePeriodSeconds === undefined ? 8 : 9, seconds: 12 };
      const run = await startRun(first, { package: package_, parameters });
      for (let tries = 0; (pods.count(run)['measure'] ?? 0) === 0 && tries < 200; tries++) await wait(200);
      await apis.core.deleteNamespacedPod({
        name: pod,
        namespace: project.namespace.name,
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      });
      const second = await ready_(pod);
      expect(second.pod).not.toBe(pod);
      expect(await finishRun(second, run, 'gather')).toMatchObject({ state: 'SUCCEEDED' });
      expect(pods.count(run)).toEqual({ gather: 1, measure: 1 });
    },
    300_000,
  );

  it('is driven from outside as well: a server on this machine, its tasks as Jobs', async () => {
    const root = `gs://${project.namespace.name}/outside`;
    const server: Begun = project.project.begin(
      'server',
      '--port=0',
      '--runner=kubernetes',
      `--root=${root}`,
    );
    try {
      const url = await new Promise<string>((said, failed) => {
        server.child.stdout?.once('data', (text: Buffer) => said(text.toString().trim()));
        void server.ended.then(({ stderr }) => failed(new Error(stderr)));
      });
      const finished = await useServer({ url }, { package: package_, parameters: { n: 3 }, task: 'gather' });
      expect(finished).toMatchObject({ state: 'SUCCEEDED', log: 'gathering 3\n' });
    } finally {
      server.child.kill('SIGTERM');
      expect(await server.ended).toMatchObject({ status: 0 });
    }
  }, 180_000);
});
