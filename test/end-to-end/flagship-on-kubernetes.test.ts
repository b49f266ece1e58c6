/** The weather pipeline on a real cluster: from the build of its images to its model. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNamespace, testCluster, type TestNamespace } from '../cluster/namespace.ts';
import { dockerEngine, gcsServer, kubeconfig, registry } from '../counterparts.ts';

const root = resolve(import.meta.dirname, '..', '..');
const ready = [kubeconfig, dockerEngine, registry, gcsServer].every((one) => one !== undefined);

interface Result {
  readonly status: string;
  readonly runId: string;
  readonly tasks: readonly {
    readonly name: string;
    readonly cache: string;
    readonly on?: string;
    readonly outputs: Readonly<Record<string, { readonly uri: string; readonly digest: string }>>;
  }[];
}

describe.skipIf(!ready)('the weather pipeline on Kubernetes', () => {
  let namespace: TestNamespace;
  let bucket: string;
  let env: NodeJS.ProcessEnv;
  let settings: string;

  const ferrule = async (...args: readonly string[]): Promise<string> => {
    const command = [join(root, 'bin', 'ferrule.mjs'), ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      cwd: root,
      env,
      maxBuffer: 2 ** 28,
    });
    return stdout;
  };
  const run = async (...more: readonly string[]): Promise<Result> =>
    JSON.parse(
      await ferrule(
        'run',
        'pipeline.ts',
        '--json',
        `--root=gs://${bucket}/root`,
        '--param=data_bucket=sample:weather',
        '--param=epochs=3',
        ...more,
      ),
    ) as Result;
  const onCluster = (): string[] => [
    '--runner=kubernetes',
    `--namespace=${namespace.name}`,
    `--cluster-config=${settings}`,
  ];

  beforeAll(async () => {
    namespace = await makeNamespace('weather');
    bucket = namespace.name;
    const { Storage } = await import('@google-cloud/storage');
    await new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' }).createBucket(bucket);
    settings = join(await mkdtemp(join(tmpdir(), 'ferrule-')), 'cluster.yaml');
    await writeFile(settings, `env:\n  FERRULE_GCS_ENDPOINT: ${gcsServer}\n`);
    env = {
      ...process.env,
      NO_COLOR: '1',
      KUBECONFIG: kubeconfig,
      FERRULE_GCS_ENDPOINT: gcsServer,
      PREP_DATA_DOCKER_URI: `${registry}/weather/data_prep:test`,
      TRAIN_MODEL_DOCKER_URI: `${registry}/weather/train:test`,
      EVAL_MODEL_DOCKER_URI: `${registry}/weather/eval:test`,
    };
    await ferrule('build', '--push');
  }, 600_000);
  afterAll(() => namespace.remove());

  it('trains where the GPU is, gives an ONNX model, and leaves no Job behind that still runs', async () => {
    const result = await run(...onCluster());
    expect(result.status).toBe('succeeded');
    expect(result.tasks.map(({ name }) => name)).toEqual(['data-prep', 'train', 'evaluate']);
    const trained = result.tasks.find(({ name }) => name === 'train');
    expect(trained?.on).toBe('ferrule-gpu');
    const { download } = await opened();
    const model = await download(`${trained?.outputs['model']?.uri}/classifier.onnx`);
    const { InferenceSession } = await import('onnxruntime-node');
    const session = await InferenceSession.create(model);
    expect(session.inputNames).toHaveLength(1);
    const { BatchV1Api } = await import('@kubernetes/client-node');
    const batch = (await testCluster()).makeApiClient(BatchV1Api);
    const active = async (): Promise<number> => {
      const { items } = await batch.listNamespacedJob({ namespace: namespace.name });
      return items.filter(({ status }) => (status?.active ?? 0) > 0).length;
    };
    // A result is there a moment before its Job says that it is complete.
    await expect.poll(active, { timeout: 20_000 }).toBe(0);
  }, 600_000);

  it('is all hits on this machine and in Docker after it ran on the cluster', async () => {
    for (const runner of ['local', 'docker']) {
      const result = await run('--runner', runner);
      expect(result.tasks.map(({ cache }) => cache)).toEqual(['hit', 'hit', 'hit']);
    }
  }, 120_000);

  /** Gets objects of the root as files. */
  async function opened(): Promise<{ readonly download: (uri: string) => Promise<string> }> {
    const { Storage } = await import('@google-cloud/storage');
    const storage = new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' });
    return {
      async download(uri) {
        const destination = join(await mkdtemp(join(tmpdir(), 'ferrule-')), 'model.onnx');
        const [name = '', ...path] = uri.slice('gs://'.length).split('/');
        await storage.bucket(name).file(path.join('/')).download({ destination });
        expect((await readFile(destination)).byteLength).toBeGreaterThan(1_000_000);
        return destination;
      },
    };
  }
});
