/** One cache for this machine, Docker and the cluster: what one of them ran, the others have. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, gcsServer, kubeconfig, registry, s3Keys, s3Server } from '../counterparts.ts';
import { clusterApis } from '../runners/kubernetes/cluster.ts';
import { openClusterProject, type ClusterProject } from './cluster-project.ts';

const own = resolve(import.meta.dirname, '..', '..');
const counterparts = [kubeconfig, dockerEngine, registry, gcsServer, s3Server];
const ready = counterparts.every((one) => one !== undefined);
const runners = ['local', 'docker', 'kubernetes'] as const;
type RunnerName = (typeof runners)[number];

const paint = `
import { component, type Dataset, type Int } from 'ferrule';
import sharp from 'sharp';
interface In { readonly width: Int }
interface Out { readonly picture: Dataset }
/** Paints a picture of one colour. */
export const paint = component({ image: '${registry}/shared-cache/work:1' }, async ({ width }: In, out: Out) => {
  const background = { r: 10, g: 20, b: 30 };
  await sharp({ create: { width, height: 4, channels: 3, background } }).png().toFile(out.picture.path);
});
`;
const measure = `
import { component, type Dataset, type Int } from 'ferrule';
import { readFileSync } from 'node:fs';
export const measure = component(
  { image: '${registry}/shared-cache/measure:1' },
  async ({ picture }: { readonly picture: Dataset }): Promise<{ width: Int }> => {
    return { width: readFileSync(picture.path).readUInt32BE(16) };
  },
);
`;
const pipeline = `
import { int, pipeline } from 'ferrule';
import { paint } from './paint.ts';
import { measure } from './measure.ts';
export default pipeline('pictures', { width: int(8) }, ({ width }) => {
  const painted = paint({ width });
  const measured = measure({ picture: painted.outputs.picture });
  return { width: measured.outputs.width };
});
`;
/** A pipeline of one container that is none of ours. */
const foreign = (image: string): string =>
  JSON.stringify({
    pipelineInfo: { name: 'greetings' },
    schemaVersion: '2.1.0',
    sdkVersion: 'kfp-2.17.0',
    root: {
      dag: {
        tasks: {
          greet: {
            taskInfo: { name: 'greet' },
            componentRef: { name: 'comp-greet' },
            cachingOptions: { enableCache: true },
          },
        },
      },
    },
    components: { 'comp-greet': { executorLabel: 'exec-greet' } },
    deploymentSpec: {
      executors: { 'exec-greet': { container: { image, command: ['sh', '-c', 'echo hello'] } } },
    },
  });

interface Shown {
  readonly status: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly tasks: readonly { readonly name: string; readonly cache: string; readonly reason?: string }[];
}
interface Planned {
  readonly tasks: readonly { readonly name: string; readonly decision: string; readonly reason: string }[];
}

describe.skipIf(!ready)('the cache under one root', () => {
  let project: ClusterProject;
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(project.project.folder, name), text);
  const called = async (...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await project.project.call(...args);
    if (status !== 0) throw new Error(`ferrule ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const run = async (runner: RunnerName, root: string, ...more: readonly string[]): Promise<Shown> =>
    JSON.parse(
      await called('run', 'pipeline.ts', '--runner', runner, '--root', root, '--json', ...more),
    ) as Shown;
  const cacheOf = ({ tasks }: Shown): readonly string[] => tasks.map(({ cache }) => cache);
  const bucket = (kind: 'gs' | 's3'): string => `${kind}://${project.namespace.name}/root`;
  /** What each runner would do with a task. */
  const planned = async (task: string, ...more: readonly string[]): Promise<readonly string[]> => {
    const decisions: string[] = [];
    for (const runner of runners) {
      const args = ['plan', 'pipeline.ts', '--runner', runner, '--root', bucket('gs'), '--json', ...more];
      const { tasks } = JSON.parse(await called(...args)) as Planned;
      decisions.push(tasks.find(({ name }) => name === task)?.decision ?? 'missing');
    }
    return decisions;
  };
  /** Changes a file for one look. */
  const changed = async <T>(name: string, text: string, look: () => Promise<T>): Promise<T> => {
    const file = join(project.project.folder, name);
    const before = await readFile(file, 'utf8');
    await writeFile(file, text);
    try {
      return await look();
    } finally {
      await writeFile(file, before);
    }
  };

  beforeAll(async () => {
    project = await openClusterProject('shared', pipeline, {
      FERRULE_IMAGE: `${registry}/shared-cache/ferrule:1`,
      AWS_ENDPOINT_URL_S3: s3Server,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: s3Keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey,
    });
    const namespace = project.namespace.name;
    const { core } = await clusterApis();
    await core.createNamespacedSecret({
      namespace,
      body: {
        metadata: { name: 'store' },
        stringData: { AWS_ACCESS_KEY_ID: s3Keys.accessKeyId, AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey },
      },
    });
    const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
    const s3 = new S3Client({
      endpoint: s3Server ?? '',
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: s3Keys,
    });
    await s3.send(new CreateBucketCommand({ Bucket: namespace }));
    await write(
      'cluster.yaml',
      `namespace: ${namespace}\nstoreSecret: store\nenv:\n  FERRULE_GCS_ENDPOINT: ${gcsServer}\n  AWS_ENDPOINT_URL_S3: ${s3Server}\n  AWS_REGION: us-east-1\n`,
    );
    for (const name of ['sharp', '@img', 'detect-libc', 'semver'])
      await cp(join(own, 'node_modules', name), join(project.project.folder, 'node_modules', name), {
        recursive: true,
      });
    const lock = JSON.parse(await readFile(join(own, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, object>>;
    };
    const packages = Object.entries(lock.packages).filter(([place]) =>
      /^node_modules\/(sharp(\/.*)?|@img\/.*|detect-libc|semver)$/.test(place),
    );
    const manifest = { name: 'pictures', type: 'module', dependencies: { sharp: '0.35.5' } };
    await write('package.json', JSON.stringify(manifest));
    await write(
      'package-lock.json',
      JSON.stringify({ lockfileVersion: 3, packages: { '': manifest, ...Object.fromEntries(packages) } }),
    );
    await write('paint.ts', paint);
    await write('measure.ts', measure);
    await write('colours.txt', 'blue');
    await write('README.md', 'Pictures.');
    await mkdir(join(project.project.folder, 'Dockerfiles'));
    const recipe = await readFile(join(own, 'Dockerfiles', 'data_prep.Dockerfile'), 'utf8');
    await write('Dockerfiles/work.Dockerfile', `${recipe}COPY colours.txt /colours.txt\n`);
    await called('build', '--push');
  }, 300_000);
  afterAll(() => project.close());

  it.each([
    ['gs', ['local', 'docker', 'kubernetes'], 8],
    ['gs', ['docker', 'kubernetes', 'local'], 9],
    ['gs', ['kubernetes', 'local', 'docker'], 10],
    ['s3', ['local', 'docker', 'kubernetes'], 8],
    ['s3', ['kubernetes', 'docker', 'local'], 9],
  ] as const)(
    'over %s serves %j with what the first of them ran',
    async (kind, order, width) => {
      for (const [at, runner] of order.entries()) {
        const shown = await run(runner, bucket(kind), '-p', `width=${width}`);
        expect(shown, runner).toMatchObject({ status: 'succeeded', outputs: { width } });
        expect(cacheOf(shown), runner).toEqual(at === 0 ? ['miss', 'miss'] : ['hit', 'hit']);
      }
    },
    120_000,
  );

  const all = (decision: string): readonly string[] => runners.map(() => decision);

  it('takes no notice of comments, of other components and of files that no image has', async () => {
    expect(await planned('paint')).toEqual(all('hit'));
    expect(
      await changed('paint.ts', paint.replace('const background', '// Dark.\n  const background'), () =>
        planned('paint'),
      ),
    ).toEqual(all('hit'));
    expect(await changed('measure.ts', measure.replace('(16)', '(20)'), () => planned('paint'))).toEqual(
      all('hit'),
    );
    expect(await changed('README.md', 'Pictures, all of one colour.', () => planned('paint'))).toEqual(
      all('hit'),
    );
  }, 120_000);

  it('runs anew on every runner what is another computation', async () => {
    const { folder } = project.project;
    const dockerfile = await readFile(join(folder, 'Dockerfiles/work.Dockerfile'), 'utf8');
    const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
    expect(await planned('paint', '-p', 'width=77'), 'a parameter').toEqual(all('run'));
    const changes: readonly (readonly [string, string])[] = [
      ['paint.ts', paint.replace('r: 10', 'r: 11')],
      ['Dockerfiles/work.Dockerfile', dockerfile.replace('node:22-slim', 'node:24-slim')],
      ['Dockerfiles/work.Dockerfile', `${dockerfile}ENV COLOUR=blue\n`],
      ['colours.txt', 'red'],
      ['package-lock.json', lock.replace('"version":"0.35.5"', '"version":"0.35.4"')],
      ['package-lock.json', lock.replace(/"integrity":"sha512-./, '"integrity":"sha512-_')],
    ];
    for (const [name, text] of changes) {
      expect(await changed(name, text, () => planned('paint')), name).toEqual(all('run'));
      expect(text, name).not.toBe(await readFile(join(folder, name), 'utf8'));
    }
    const pin = { version: 1, bases: { 'node:22-slim': `sha256:${'0'.repeat(64)}` } };
    await write('ferrule.lock', JSON.stringify({ version: 1, bases: {} }));
    expect(await changed('ferrule.lock', JSON.stringify(pin), () => planned('paint')), 'a base').toEqual(
      all('run'),
    );
    expect(await planned('paint')).toEqual(all('hit'));
  }, 180_000);

  it('takes nothing from an image that was made from another recipe than the key names', async () => {
    await changed('colours.txt', 'red', async () => {
      for (const runner of ['docker', 'kubernetes'] as const) {
        const args = ['run', 'pipeline.ts', '--runner', runner, '--root', bucket('gs'), '-p', 'width=31'];
        const { status, stdout } = await project.project.call(...args, '--json');
        expect(status).toBe(1);
        const failed = (JSON.parse(stdout) as Shown).tasks.find(({ name }) => name === 'paint');
        expect(failed).toMatchObject({
          error: { code: 'FER6019', fix: expect.stringContaining('ferrule build') },
        });
      }
      expect(await planned('paint', '-p', 'width=31')).toEqual(all('run'));
      expect(cacheOf(await run('local', bucket('gs'), '-p', 'width=31'))).toEqual(['miss', 'miss']);
    });
  }, 120_000);

  it('keeps no result that was made with other packages than the recipe has', async () => {
    const lock = await readFile(join(project.project.folder, 'package-lock.json'), 'utf8');
    const other = lock.replaceAll('"version":"0.35.5"', '"version":"0.35.4"');
    await changed('package-lock.json', other, async () => {
      for (let times = 0; times < 2; times++) {
        const shown = await run('local', bucket('gs'), '-p', 'width=12');
        expect(cacheOf(shown)[0]).toBe('miss');
      }
      expect(await planned('paint', '-p', 'width=12')).toEqual(all('run'));
    });
  }, 120_000);

  it('keeps what an image of others gave under the digest that its tag stands for', async () => {
    const image = `${registry}/ferrule-test/shell:1`;
    await write('greetings.json', foreign(image));
    const args = ['greetings.json', '--root', bucket('gs'), '--json', '--runner'];
    const cacheIn = async (runner: RunnerName): Promise<readonly string[]> =>
      cacheOf(JSON.parse(await called('run', ...args, runner)) as Shown);
    const planOn = async (runner: RunnerName): Promise<Planned['tasks']> =>
      (JSON.parse(await called('plan', ...args, runner)) as Planned).tasks;
    expect(await cacheIn('docker')).toEqual(['miss']);
    expect(await cacheIn('docker')).toEqual(['hit']);
    expect(await planOn('kubernetes')).toMatchObject([{ decision: 'hit' }]);
    const unknown = `${registry}/ferrule-test/nobody-pushed-this:1`;
    await write('greetings.json', foreign(unknown));
    expect(await planOn('kubernetes')).toMatchObject([
      { decision: 'run', reason: expect.stringContaining(`its image ${unknown} is named by a tag`) },
    ]);
  }, 120_000);
});
