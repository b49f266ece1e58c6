import { randomUUID } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRecord } from '../../engine/ports.ts';
import type { ComponentSpec } from '../../spec/index.ts';
import { openRoot, type Root } from '../../stores/index.ts';
import { dockerEngine, gcsServer, s3Server } from '../counterparts.ts';
import { bundleFolder, type BundleFolder } from '../runners/components.ts';
import { componentWriting, temporaryFolder } from '../stores/root-folder.ts';
import { launchInContainer, storeEnv } from './container.ts';
import { assign, buildLauncher, imageCommand } from './pod.ts';

const component: ComponentSpec = {
  executorLabel: 'exec-train',
  outputDefinitions: {
    parameters: { Output: { parameterType: 'NUMBER_INTEGER' } },
    artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } },
  },
};
const copies = `async ({ data }, out) => {
  const { mkdirSync, readFileSync, writeFileSync } = await import('node:fs');
  console.log(data.path);
  mkdirSync(out.model.path);
  const text = readFileSync(data.path, 'utf8');
  writeFileSync(out.model.path + '/weights', text + text);
  return text.length;
}`;

const servers = [
  { kind: 'gs', server: gcsServer, mount: '/gcs' },
  { kind: 's3', server: s3Server, mount: '/s3' },
];

for (const { kind, server, mount } of servers)
  describe.skipIf(server === undefined || dockerEngine === undefined)(`the launcher over ${kind}://`, () => {
    const bucket = `launcher-${randomUUID().slice(0, 8)}`;
    let bundles: BundleFolder;
    beforeAll(async () => {
      await buildLauncher();
      bundles = await bundleFolder();
      await makeBucket(kind, bucket);
    });
    const open = async (): Promise<Root> =>
      openRoot(`${kind}://${bucket}/${randomUUID().slice(0, 8)}`, {
        localFolder: await temporaryFolder(),
        env: storeEnv,
      });
    /** An image's folder, and what a container is started with. */
    const launch = async (
      root: Root,
      body: string,
    ): Promise<{ readonly status: number; readonly output: string }> => {
      const [, program = '', ...args] = await imageCommand(bundles, await bundles.add(body));
      const folder = program.replace('/run.mjs', '');
      await chmod(folder, 0o755);
      const attempt = ['--root', root.uri, '--attempt', 'runs/r1/tasks/inner/train/2'];
      return launchInContainer(['run', ...attempt, '--', 'node', '/ferrule/run.mjs', ...args], folder);
    };

    it('brings inputs to the paths of their URIs, and keeps the outputs in the bucket', async () => {
      const root = await open();
      const data = await artifact(root, 'forty-two');
      await assign(root, { component, artifacts: { data: [data] } });
      const ended = await launch(root, copies);
      expect(ended).toEqual({ status: 0, output: `${mount}/${root.uri.slice(5)}/${data.uri}\n` });
      const result = await root.artifacts.result({ runId: 'r1', task: 'inner/train', number: 2 });
      expect(result).toMatchObject({ kind: 'succeeded', outputs: { parameters: { Output: 9 } } });
      const model = result?.kind === 'succeeded' ? result.outputs.artifacts['model']?.[0] : undefined;
      if (model === undefined) throw new Error('no model');
      expect(await root.artifacts.verify(model)).toEqual({ kind: 'intact' });
      expect(await readFile(`${await root.artifacts.fetch(model)}/weights`, 'utf8')).toBe(
        'forty-twoforty-two',
      );
    });

    it('keeps the failure of a component in the bucket', async () => {
      const root = await open();
      await assign(root, { component });
      const ended = await launch(root, `async () => { throw new Error('no luck') }`);
      expect(ended.status).toBe(1);
      expect(await root.artifacts.result({ runId: 'r1', task: 'inner/train', number: 2 })).toMatchObject({
        failure: { code: 'FER6001', problem: 'no luck' },
      });
    });

    it('does not run a component whose input is not what its record says', async () => {
      const root = await open();
      const data = await artifact(root, 'forty-two');
      await root.files.remove([data.uri]);
      await assign(root, { component, artifacts: { data: [data] } });
      const ended = await launch(root, copies);
      expect(ended.status).toBe(1);
      expect(ended.output).not.toContain(mount + '/');
      expect(await root.artifacts.result({ runId: 'r1', task: 'inner/train', number: 2 })).toMatchObject({
        kind: 'failed',
        failure: { code: expect.stringMatching(/^FER50/) as string },
      });
    });

    it('says by its exit status that there is no such bucket', async () => {
      const attempt = ['--root', `${kind}://${bucket}-none/x`, '--attempt', 'runs/r1/tasks/t/1'];
      const ended = await launchInContainer(['run', ...attempt, '--', 'true'], await temporaryFolder());
      expect(ended.status).toBe(75);
      expect(ended.output).toMatch(/^FER50\d\d /);
    });
  });

/** Makes an artifact as an earlier task did. */
async function artifact(root: Root, text: string): Promise<ArtifactRecord> {
  const writing = componentWriting({ data: 'system.Dataset' });
  const attempt = { runId: 'r1', task: 'gather', number: 1 };
  const { outputs } = await root.artifacts.prepare(attempt, writing);
  await writeFile(outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '', text);
  const result = await root.artifacts.seal(attempt, writing, {}, { strict: true });
  const record = result.kind === 'succeeded' ? result.outputs.artifacts['data']?.[0] : undefined;
  if (record === undefined) throw new Error('nothing was sealed');
  return record;
}

async function makeBucket(kind: string, name: string): Promise<void> {
  if (kind === 'gs') {
    const { Storage } = await import('@google-cloud/storage');
    await new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' }).createBucket(name);
    return;
  }
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint: s3Server ?? '',
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: storeEnv['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: storeEnv['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
}
