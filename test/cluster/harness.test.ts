import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchV1Api, CoreV1Api, V1Job } from '@kubernetes/client-node';
import Docker from 'dockerode';
import { build } from 'esbuild';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, gcsServer, kubeconfig, registry, s3Keys, s3Server } from '../counterparts.ts';
import { deletePod, isOurs, loseNode, restartApiServer, returnNode } from './control.ts';
import { makeNamespace, testCluster, type TestNamespace } from './namespace.ts';

const shell = process.env['FERRULE_TEST_SHELL_IMAGE'] ?? 'busybox';

/** Writes an object and reads it again, in the GCS server and in the S3 server, by the addresses that tests use. */
const program = `
import { GetObjectCommand, CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
const { GCS, S3, KEY, SECRET, BUCKET } = process.env;
const json = { 'content-type': 'application/json' };
await fetch(GCS + '/storage/v1/b?project=test', { method: 'POST', headers: json, body: JSON.stringify({ name: BUCKET }) });
await fetch(GCS + '/upload/storage/v1/b/' + BUCKET + '/o?uploadType=media&name=a', { method: 'POST', body: 'by GCS' });
console.log(await (await fetch(GCS + '/download/storage/v1/b/' + BUCKET + '/o/a?alt=media')).text());
const s3 = new S3Client({ endpoint: S3, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: KEY, secretAccessKey: SECRET } });
await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'by S3' }));
console.log(await (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }))).Body.transformToString());
`;

/** Builds an image with the program above and pushes it; gives its name. */
async function pushProgram(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    outfile: 'program.mjs',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const context = pack();
  context.entry(
    { name: 'Dockerfile' },
    'FROM node:22-slim\nCOPY program.mjs /\nCMD ["node", "/program.mjs"]\n',
  );
  context.entry({ name: 'program.mjs' }, outputFiles[0]?.text ?? '');
  context.finalize();
  const docker = new Docker();
  const name = `${registry ?? ''}/ferrule-test/object-stores:1`;
  const finished = async (stream: NodeJS.ReadableStream): Promise<void> => {
    const failed = await new Promise<string | undefined>((resolve) => {
      docker.modem.followProgress(stream, (_, events: readonly { readonly error?: string }[]) =>
        resolve(events.find((event) => event.error !== undefined)?.error),
      );
    });
    if (failed !== undefined) throw new Error(failed);
  };
  await finished(await docker.buildImage(Readable.from(context), { t: name, version: '1' }));
  await finished(await docker.getImage(name).push({ authconfig: {} }));
  return name;
}

const absent = [kubeconfig, dockerEngine, registry, gcsServer, s3Server].includes(undefined);

describe.skipIf(absent)('the test cluster', () => {
  let namespace: TestNamespace;
  let core: CoreV1Api;
  let batch: BatchV1Api;

  beforeAll(async () => {
    const { BatchV1Api, CoreV1Api } = await import('@kubernetes/client-node');
    const cluster = await testCluster();
    core = cluster.makeApiClient(CoreV1Api);
    batch = cluster.makeApiClient(BatchV1Api);
    namespace = await makeNamespace('harness');
  });
  afterAll(() => namespace.remove());

  async function startJob(
    name: string,
    container: { image: string; command?: string[]; env?: { name: string; value: string }[]; gpus?: number },
    nodeSelector: Record<string, string> = {},
  ): Promise<void> {
    const { gpus, ...rest } = container;
    const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    const limits = gpus === undefined ? {} : { 'nvidia.com/gpu': String(gpus) };
    const body: V1Job = {
      metadata: { name },
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            nodeSelector,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [{ name: 'main', ...rest, securityContext: security, resources: { limits } }],
          },
        },
      },
    };
    await batch.createNamespacedJob({ namespace: namespace.name, body });
  }

  async function finished(name: string): Promise<string> {
    for (;;) {
      const { status } = await batch.readNamespacedJob({ namespace: namespace.name, name });
      const end = status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed');
      if (end !== undefined) return end.type;
      await sleep(50);
    }
  }

  async function podOf(job: string): Promise<{ name: string; node: string; phase: string }> {
    for (;;) {
      const pods = await core.listNamespacedPod({
        namespace: namespace.name,
        labelSelector: `job-name=${job}`,
      });
      const [pod] = pods.items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
      if (pod?.status?.phase === 'Running' || pod?.status?.phase === 'Succeeded')
        return {
          name: pod.metadata?.name ?? '',
          node: pod.spec?.nodeName ?? '',
          phase: pod.status.phase,
        };
      await sleep(50);
    }
  }

  it('runs a Job on each of its nodes', async () => {
    for (const pool of ['cpu', 'gpu']) {
      await startJob(pool, { image: shell, command: ['true'] }, { 'ferrule.test/pool': pool });
      expect(await finished(pool)).toBe('Complete');
      expect((await podOf(pool)).node).toBe(`ferrule-${pool}`);
    }
  });

  it('pulls an image that the Docker engine pushed, and its pods reach both object stores', async () => {
    const image = await pushProgram();
    const env = Object.entries({
      GCS: gcsServer ?? '',
      S3: s3Server ?? '',
      BUCKET: namespace.name,
      KEY: s3Keys.accessKeyId,
      SECRET: s3Keys.secretAccessKey,
    }).map(([name, value]) => ({ name, value }));
    await startJob('stores', { image, env });
    expect(await finished('stores')).toBe('Complete');
    const { name } = await podOf('stores');
    expect(await core.readNamespacedPodLog({ namespace: namespace.name, name })).toBe('by GCS\nby S3\n');
  });

  it('refuses a pod that would run as root', async () => {
    const spec = { containers: [{ name: 'main', image: shell }] };
    const creation = core.createNamespacedPod({
      namespace: namespace.name,
      body: { metadata: { name: 'root' }, spec },
    });
    await expect(creation).rejects.toMatchObject({
      code: 403,
      body: expect.stringContaining('runAsNonRoot != true') as string,
    });
  });

  it.skipIf(!isOurs())(
    'places a pod that wants two GPUs on the node that has them, and one that wants three nowhere',
    async () => {
      await startJob('two', { image: shell, command: ['true'], gpus: 2 });
      await startJob('three', { image: shell, command: ['true'], gpus: 3 });
      expect(await finished('two')).toBe('Complete');
      expect((await podOf('two')).node).toBe('ferrule-gpu');
      const [pod] = (
        await core.listNamespacedPod({ namespace: namespace.name, labelSelector: 'job-name=three' })
      ).items;
      expect(pod?.status?.conditions).toMatchObject([
        {
          type: 'PodScheduled',
          reason: 'Unschedulable',
          message: expect.stringContaining('Insufficient nvidia.com/gpu') as string,
        },
      ]);
    },
  );

  it.skipIf(!isOurs())('goes on after its API server was killed, and after a pod was deleted', async () => {
    await startJob('survivor', { image: shell, command: ['sleep', '8'] });
    const first = await podOf('survivor');
    await restartApiServer();
    await deletePod(namespace.name, first.name);
    const second = await podOf('survivor');
    expect(second.name).not.toBe(first.name);
    expect(await finished('survivor')).toBe('Complete');
  });

  it.skipIf(!isOurs())(
    'gives a pod to another node when its own is lost',
    async () => {
      await startJob('wanderer', { image: shell, command: ['sleep', '20'] });
      const first = await podOf('wanderer');
      const node = first.node === 'ferrule-gpu' ? 'ferrule-gpu' : 'ferrule-cpu';
      await loseNode(node);
      try {
        await expect
          .poll(
            async () =>
              (await core.readNamespacedPod({ namespace: namespace.name, name: first.name })).metadata
                ?.deletionTimestamp,
            {
              timeout: 40_000,
            },
          )
          .toBeInstanceOf(Date);
        expect((await podOf('wanderer')).node).not.toBe(node);
      } finally {
        await returnNode(node);
      }
      expect(await finished('wanderer')).toBe('Complete');
    },
    120_000,
  );
});
