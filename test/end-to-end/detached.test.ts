/** Runs that a Job in the cluster drives: built, handed over, followed, evicted, cancelled. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyManifests } from '../cluster/apply-manifests.ts';
import { makeNamespace, type TestNamespace } from '../cluster/namespace.ts';
import { dockerEngine, gcsServer, kubeconfig, registry } from '../counterparts.ts';
import { clusterApis, podsOf, type ClusterApis } from '../runners/kubernetes/cluster.ts';

const root = resolve(import.meta.dirname, '..', '..');
const ready = [kubeconfig, dockerEngine, registry, gcsServer].every((one) => one !== undefined);

const pipeline = `
import { component, int, pipeline, TaskError, type Dataset, type Int } from 'ferrule';
import { readFileSync, writeFileSync } from 'node:fs';
interface Out { readonly data: Dataset }
export const gather = component({ image: '${registry}/detached/work:1' }, async ({ n }: { readonly n: Int }, out: Out) => {
  if (n < 0) throw new TaskError('there is nothing to gather');
  writeFileSync(out.data.path, 'x'.repeat(n));
});
export const measure = component(
  { image: '${registry}/detached/work:1' },
  async ({ data, seconds }: { readonly data: Dataset; readonly seconds: Int }): Promise<{ length: Int }> => {
    for (let i = 1; i <= seconds; i++) {
      console.log('tick ' + i);
      await new Promise((done) => setTimeout(done, 1000));
    }
    return { length: readFileSync(data.path, 'utf8').length };
  },
);
export default pipeline('slow', { n: int(7), seconds: int(1) }, ({ n, seconds }) => {
  const gathered = gather({ n });
  const measured = measure({ data: gathered.outputs.data, seconds });
  return { length: measured.outputs.length };
});
`;

interface Called {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Shown {
  readonly status: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly tasks: readonly { readonly name: string; readonly status: string; readonly on?: string }[];
}

describe.skipIf(!ready)('a detached run', () => {
  let namespace: TestNamespace;
  let apis: ClusterApis;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  const ferrule = (...args: readonly string[]): Promise<Called> =>
    new Promise((done) => {
      const command = [join(root, 'bin', 'ferrule.mjs'), ...args];
      execFile(process.execPath, command, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
        done({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
    });
  const detach = async (...params: readonly string[]): Promise<string> => {
    const args = ['run', 'pipeline.ts', '--runner', 'kubernetes', '--detach', '--no-cache', '--json'];
    const called = await ferrule(...args, ...params.flatMap((param) => ['-p', param]));
    expect(called.stderr).toBe('');
    const { runId } = JSON.parse(called.stdout) as { readonly runId: string };
    return runId;
  };
  const show = async (runId: string): Promise<Shown> =>
    JSON.parse((await ferrule('show', runId, '--json')).stdout) as Shown;
  /** Waits until a task prints. */
  const printed = async (runId: string, task: string): Promise<void> => {
    for (let tries = 0; tries < 60; tries++) {
      if ((await ferrule('logs', runId, task)).stdout !== '') return;
      await wait(500);
    }
    throw new Error(`${task} of ${runId} printed nothing`);
  };
  /** Waits until a Job has its end, and gives its type. */
  const endOf = async (name: string): Promise<string | undefined> => {
    for (let tries = 0; tries < 60; tries++) {
      // Other tests restart the API server.
      const job = await apis.batch
        .readNamespacedJob({ name, namespace: namespace.name })
        .catch(() => undefined);
      const end = job?.status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed');
      if (end?.status === 'True') return end.type;
      await wait(500);
    }
    return undefined;
  };

  beforeAll(async () => {
    namespace = await makeNamespace('detached');
    apis = await clusterApis();
    folder = await mkdtemp(join(tmpdir(), 'ferrule-detached-'));
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules', 'ferrule'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'pipeline.ts'), pipeline);
    await writeFile(
      join(folder, 'cluster.yaml'),
      `namespace: ${namespace.name}\nruntimeImage: ${registry}/detached/ferrule:1\nenv:\n  FERRULE_GCS_ENDPOINT: ${gcsServer}\n`,
    );
    env = {
      ...process.env,
      NO_COLOR: '1',
      KUBECONFIG: kubeconfig,
      FERRULE_GCS_ENDPOINT: gcsServer,
      FERRULE_IMAGE: `${registry}/detached/ferrule:1`,
      FERRULE_ROOT: `gs://${namespace.name}/root`,
    };
    const { Storage } = await import('@google-cloud/storage');
    await new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' }).createBucket(namespace.name);
    for (const what of [[], ['--runtime']]) {
      const built = await ferrule('build', ...what, '--push');
      if (built.status !== 0) throw new Error(built.stderr);
    }
  }, 300_000);
  afterAll(() => namespace.remove());

  it('is refused as long as the cluster has no account for its driver', async () => {
    const called = await ferrule('run', 'pipeline.ts', '--runner', 'kubernetes', '--detach');
    expect(called.status).toBe(1);
    expect(called.stderr).toContain('FER1008');
    expect(called.stderr).toContain(
      `ferrule cluster manifests --namespace ${namespace.name} | kubectl apply -f -`,
    );
    expect(JSON.parse((await ferrule('runs', '--json')).stdout)).toEqual([]);
    await applyManifests((await ferrule('cluster', 'manifests')).stdout);
  });

  it('runs though this machine has ended its part, and is followed through its root', async () => {
    const runId = await detach('seconds=3');
    expect((await show(runId)).status).toBe('running');
    const followed = await ferrule('logs', runId, 'measure', '--follow');
    expect(followed).toMatchObject({ status: 0, stdout: 'tick 1\ntick 2\ntick 3\n' });
    expect(await endOf(`driver-${runId}`)).toBe('Complete');
    expect(await show(runId)).toMatchObject({ status: 'succeeded', outputs: { length: 7 } });
    const { items } = await apis.batch.listNamespacedJob({
      namespace: namespace.name,
      labelSelector: `ferrule.dev/run=${runId},ferrule.dev/attempt`,
    });
    for (const { metadata } of items)
      expect(metadata?.ownerReferences).toMatchObject([{ kind: 'Job', name: `driver-${runId}` }]);
  }, 120_000);

  it('goes on with another driver where its own is evicted, each line and each attempt once', async () => {
    const runId = await detach('seconds=15');
    await printed(runId, 'measure');
    const [pod = ''] = await podsOf(apis, namespace.name, `driver-${runId}`);
    const body = { metadata: { name: pod, namespace: namespace.name } };
    await apis.core.createNamespacedPodEviction({ name: pod, namespace: namespace.name, body });
    const followed = await ferrule('logs', runId, 'measure', '--follow');
    const ticks = Array.from({ length: 15 }, (_, index) => `tick ${index + 1}\n`);
    expect(followed).toMatchObject({ status: 0, stdout: ticks.join('') });
    expect(await endOf(`driver-${runId}`)).toBe('Complete');
    expect(await podsOf(apis, namespace.name, `driver-${runId}`)).not.toContain(pod);
    const why = await ferrule('show', runId);
    expect(why.stdout).not.toContain('attempt 2');
  }, 180_000);

  it('is cancelled from anywhere, and its driver is not started again', async () => {
    const runId = await detach('seconds=60');
    await printed(runId, 'measure');
    await ferrule('cancel', runId);
    expect((await ferrule('logs', runId, '--follow')).status).toBe(130);
    expect(await endOf(`driver-${runId}`)).toBe('Failed');
    expect(await podsOf(apis, namespace.name, `driver-${runId}`)).toHaveLength(1);
    expect((await show(runId)).status).toBe('cancelled');
  }, 180_000);

  it('fails as any run does, and its driver is not started again', async () => {
    const runId = await detach('n=-1');
    expect((await ferrule('logs', runId, '--follow')).status).toBe(1);
    expect(await endOf(`driver-${runId}`)).toBe('Failed');
    expect(await podsOf(apis, namespace.name, `driver-${runId}`)).toHaveLength(1);
    expect((await ferrule('show', runId)).stdout).toContain('there is nothing to gather');
  }, 120_000);

  describe('whose driver was removed for good', () => {
    const orphaned = async (seconds: number): Promise<string> => {
      const runId = await detach(`seconds=${seconds}`);
      await printed(runId, 'measure');
      const name = `driver-${runId}`;
      await apis.batch.deleteNamespacedJob({ name, namespace: namespace.name, propagationPolicy: 'Orphan' });
      const [pod = ''] = await podsOf(apis, namespace.name, name);
      await apis.core.deleteNamespacedPod({ name: pod, namespace: namespace.name });
      for (let tries = 0; tries < 60 && (await show(runId)).status !== 'interrupted'; tries++)
        await wait(500);
      return runId;
    };

    it('is taken up from here', async () => {
      const resumed = await ferrule('resume', await orphaned(12), '--json');
      expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'succeeded', outputs: { length: 7 } });
    }, 180_000);

    it('is cancelled from here, with the tasks that still run', async () => {
      const runId = await orphaned(90);
      expect(await ferrule('cancel', runId, '--json')).toMatchObject({ status: 0 });
      expect((await show(runId)).status).toBe('cancelled');
      const labelSelector = `ferrule.dev/run=${runId},ferrule.dev/task=measure`;
      expect((await apis.core.listNamespacedPod({ namespace: namespace.name, labelSelector })).items).toEqual(
        [],
      );
    }, 180_000);
  });
});
