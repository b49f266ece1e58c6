import { execFile } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify, stripVTControlCharacters } from 'node:util';
import { GenericContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startIn, type Project } from '../cli/project.ts';
import { dockerEngine, script } from '../counterparts.ts';
import {
  adder,
  build,
  buildPrograms,
  filesOf,
  layersOf,
  ownRepository,
  removeImages,
  runImage,
  sums,
  sumsProject,
  type ImageResult,
} from './project.ts';

const command = resolve(import.meta.dirname, '..', '..', 'bin', 'ferrule.mjs');
const repository = ownRepository();
const reference = `${repository}/adder:1`;
const input = { inputs: { parameterValues: { a: 2, b: 3 } }, outputs: { outputFile: '/tmp/output.json' } };
const argsFor = (code: string): string[] => [
  '--executor_input',
  JSON.stringify(input),
  '--function_to_execute',
  'add',
  '--code',
  code,
];

function projectOf(more: Readonly<Record<string, string>> = {}): Project {
  const project = sumsProject(reference, more);
  onTestFinished(() => project.remove());
  return project;
}

async function one(project: Project, ...args: readonly string[]): Promise<ImageResult> {
  const [image] = await build(project, ...args);
  if (image === undefined) throw new Error('no image was built');
  return image;
}

describe.skipIf(dockerEngine === undefined)('ferrule build', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
    await buildPrograms();
  });
  afterAll(() => removeImages(repository));

  it('makes an image that runs its component', async () => {
    const image = await one(projectOf());
    expect(image).toMatchObject({ reference, status: 'built' });
    const ended = await runImage(image.id, argsFor(image.components[0]?.code ?? ''));
    expect(ended).toEqual({ status: 0, stdout: 'the sum is 5\n', stderr: '' });
  });

  it('makes an image that testcontainers can start', async () => {
    const image = await one(projectOf());
    const container = await new GenericContainer(reference)
      .withCommand(argsFor(image.components[0]?.code ?? ''))
      .withWaitStrategy(Wait.forOneShotStartup())
      .start();
    onTestFinished(async () => void (await container.stop()));
    expect(await text(await container.logs())).toContain('the sum is 5');
  });

  it('builds nothing where nothing changed', async () => {
    const project = projectOf();
    const first = await one(project);
    expect(await one(project)).toEqual({
      ...first,
      status: 'unchanged',
      seconds: expect.any(Number) as number,
    });
    const again = await project.ferrule('build');
    expect(again.stdout).toMatch(/^adder {2}unchanged /);
  });

  it('changes the last layer alone where a body is edited', async () => {
    const project = projectOf();
    const before = await one(project);
    project.write('add.ts', adder.replace('the sum is', 'the total is'));
    const after = await one(project);
    expect(after.status).toBe('built');
    const [old, now] = [await layersOf(before.id), await layersOf(after.id)];
    expect(now.slice(0, -1)).toEqual(old.slice(0, -1));
    expect(now.at(-1)).not.toBe(old.at(-1));
  });

  it('makes the same layers of the same sources, in another folder and without a cache', async () => {
    const first = await layersOf((await one(projectOf(), '--no-cache')).id);
    const second = await layersOf((await one(projectOf(), '--no-cache')).id);
    // The last two hold programs and code; below them is a folder that the engine makes.
    expect(second.slice(-2)).toEqual(first.slice(-2));
  });

  it('puts programs and code into an image, and no secret, source or development dependency', async () => {
    const project = projectOf({ '.dockerignore': '*\n' });
    const image = await one(project, '--no-cache');
    const hex = image.components[0]?.code.slice('sha256:'.length) ?? '';
    expect(await filesOf(image.id, '/ferrule')).toEqual([
      `ferrule/bundle/${hex}.json`,
      `ferrule/bundle/${hex}/bundle.mjs`,
      'ferrule/launch.mjs',
      'ferrule/run.mjs',
    ]);
  });

  it('copies what a Dockerfile of its own copies, but for .env and node_modules', async () => {
    const project = projectOf({
      'Dockerfiles/adder.Dockerfile':
        'FROM node:22-slim\nCOPY . /project/\nCOPY programs/ /\nCOPY bundle/ /\nUSER 1000\nENTRYPOINT ["node", "/ferrule/run.mjs"]\n',
      'fonts/one.txt': '1',
      '.env.example': 'ADDER_URI=\n',
      '.npmrc': '//registry/:_authToken=secret\n',
      'node_modules/x/index.js': '',
    });
    const names = await filesOf((await one(project)).id, '/project');
    expect(names).toEqual(
      expect.arrayContaining(['project/fonts/one.txt', 'project/.env.example', 'project/add.ts']),
    );
    expect(names.filter((name) => /\.env$|\.npmrc|node_modules|\.ferrule\/cache/.test(name))).toEqual([]);
  });

  it('puts the code of several components into one image, and refuses any other code', async () => {
    const project = projectOf({
      'add.ts': `${adder}${adder.slice(adder.indexOf('/** Adds')).replace('add =', 'subtract =').replaceAll('a + b', 'a - b')}`,
      'pipeline.ts': sums
        .replace('{ add }', '{ add, subtract }')
        .replace('add({ a: 2, b: 3 });', 'add({ a: 2, b: 3 }); subtract({ a: 2, b: 3 });'),
    });
    const image = await one(project);
    expect(image.components).toHaveLength(2);
    const said = await Promise.all(
      image.components.map(async ({ code }) => (await runImage(image.id, argsFor(code))).stdout),
    );
    expect(said.sort()).toEqual(['the sum is -1\n', 'the sum is 5\n']);
    const refused = await runImage(image.id, argsFor(`sha256:${'a'.repeat(64)}`));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('FER6003');
    for (const { code } of image.components) expect(refused.stderr).toContain(code);
  });

  it('shows the step that failed, and what it printed', async () => {
    const project = projectOf({
      'Dockerfiles/adder.Dockerfile':
        'FROM node:22-slim\nRUN echo first && echo "it is broken" >&2 && exit 3\nCOPY programs/ /\nCOPY bundle/ /\n',
    });
    const { status, stderr } = await project.ferrule('build');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^FER6101 .* at step 2 of \d+, RUN echo first: .*returned a non-zero code: 3$/m);
    expect(stderr).toContain('    it is broken');
    expect(stderr).toContain('fix: look at this step in');
  });

  it('tells an engine that goes away in the middle from a build that fails', async () => {
    const project = projectOf({
      'Dockerfiles/adder.Dockerfile':
        'FROM node:22-slim\nRUN echo asleep && sleep 30\nCOPY programs/ /\nCOPY bundle/ /\n',
    });
    // A way to the engine that is cut once the step has begun.
    const open = new Set<Socket>();
    const between = createServer((client) => {
      const server = connect((dockerEngine ?? '').replace('unix://', ''));
      open.add(client).add(server);
      client.pipe(server).pipe(client);
      server.on('data', (data) => {
        if (data.includes('asleep\\n')) for (const socket of open) socket.destroy();
      });
      for (const socket of [client, server]) socket.on('error', () => undefined);
    });
    const socket = join(project.folder, 'engine.sock');
    between.listen(socket);
    onTestFinished(() => void between.close());
    const { status, stderr } = await startIn(project.folder, ['build'], { DOCKER_HOST: `unix://${socket}` })
      .ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^FER6100 {2}the Docker engine went away while it worked on /m);
  });

  it('says which base is missing', async () => {
    const project = projectOf({
      'Dockerfiles/adder.Dockerfile': 'FROM localhost:1/no/such:base\nCOPY programs/ /\nCOPY bundle/ /\n',
    });
    const { status, stderr } = await project.ferrule('build');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^FER6101 .* at step 1 of \d+, FROM localhost:1\/no\/such:base: /m);
  });

  it('keeps the variant for GPUs under a tag of its own', async () => {
    const dockerfile = 'ARG BASE=node:22-slim\nFROM ${BASE}\nCOPY programs/ /\nCOPY bundle/ /\n';
    const project = projectOf({
      'Dockerfiles/adder.Dockerfile': dockerfile,
      'Dockerfiles/adder.gpu.Dockerfile': `${dockerfile}ENV VARIANT=gpu\n`,
    });
    expect((await one(project)).reference).toBe(reference);
    expect((await one(project, '--variant', 'gpu')).reference).toBe(`${reference}-gpu`);
    project.write('.env', `ADDER_URI=${reference}-gpu`);
    expect(await one(project)).toMatchObject({ reference: `${reference}-gpu`, status: 'unchanged' });
    const other = await project.ferrule('build', '--build-arg', 'BASE=localhost:1/no/such:base');
    expect(other.stderr).toContain('FER6101');
  });

  it('shows progress in plain lines, and marks layers that were there', async () => {
    const project = projectOf();
    await one(project);
    project.write('add.ts', adder.replace('the sum is', 'the sum of both is'));
    const { stdout } = await project.ferrule('build');
    expect(stdout).toMatch(/^adder step 1\/\d+: FROM node:22-slim$/m);
    expect(stdout).toMatch(/^adder step 3\/\d+: COPY programs\/ \/ \(cached\)$/m);
    expect(stdout).toMatch(/^adder step 4\/\d+: COPY bundle\/ \/$/m);
    expect(stdout).toMatch(/^adder {2}built .* {2}[\d.]+ MB, /m);
  });

  it.skipIf(script === undefined)(
    'shows one line on a terminal, with the time a silent step takes',
    async () => {
      const project = projectOf({
        'Dockerfiles/adder.Dockerfile': 'FROM node:22-slim\nRUN sleep 3\nCOPY programs/ /\nCOPY bundle/ /\n',
      });
      const call = `stty cols 90 rows 30; exec ${process.execPath} ${command} build --no-cache`;
      const env = {
        ...process.env,
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        CI: undefined,
        FERRULE_NO_BUILD: '1',
      };
      const { stdout } = await promisify(execFile)('script', ['-qec', call, '/dev/null'], {
        env,
        cwd: project.folder,
      });
      const lines = stripVTControlCharacters(stdout).split(/\r?\n/);
      expect(lines).toContain('adder  2/5 RUN sleep 3  2.0 s');
      expect(lines.findLast((line) => line !== '')).toMatch(/^adder {2}built .* MB, [\d.]+ s$/);
    },
  );
});
