import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Project } from '../cli/project.ts';
import { dockerEngine, registry, registryProgram } from '../counterparts.ts';
import { adder, build, buildPrograms, engine, ownRepository, removeImages, sumsProject } from './project.ts';

const repository = ownRepository();
const reference = `${registry ?? ''}/${repository}/adder:1`;

function projectOf(uri = reference, more: Readonly<Record<string, string>> = {}): Project {
  const project = sumsProject(uri, more);
  onTestFinished(() => project.remove());
  return project;
}

/** What compiling writes as the component's image, and what it warns of. */
async function compiled(
  project: Project,
): Promise<{ readonly image: string | undefined; readonly stderr: string }> {
  const { stdout, stderr } = await project.ferrule('compile', 'pipeline.ts', '-o', '-');
  return { image: /image: "?([^"\n]+)"?/.exec(stdout)?.[1], stderr };
}

describe.skipIf(dockerEngine === undefined || registry === undefined)(
  'ferrule build --push',
  { timeout: 180_000 },
  () => {
    beforeAll(buildPrograms);
    afterAll(() => removeImages(repository));

    it('pushes an image, and compiling pins the digest that the registry has', async () => {
      const project = projectOf();
      expect((await compiled(project)).image).toBe(reference);
      const [image] = await build(project, '--push');
      const manifest = await fetch(`http://${registry ?? ''}/v2/${repository}/adder/manifests/1`, {
        headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
      });
      expect(manifest.headers.get('docker-content-digest')).toBe(image?.digest);
      const pinned = `${reference.slice(0, -2)}@${image?.digest ?? ''}`;
      expect(await compiled(project)).toEqual({ image: pinned, stderr: '' });
    });

    it('leaves the tag where the sources are no longer those that were pushed, and says so', async () => {
      const project = projectOf();
      await build(project, '--push');
      project.write('add.ts', adder.replace('the sum is', 'sum:'));
      const { image, stderr } = await compiled(project);
      expect(image).toBe(reference);
      expect(stderr).toContain(`warning: the image ${reference} was pushed from other sources than these`);
      const [again] = await build(project, '--push');
      expect((await compiled(project)).image).toBe(`${reference.slice(0, -2)}@${again?.digest ?? ''}`);
    });

    it('leaves the tag, without a word, where an image was built for this machine alone', async () => {
      const project = projectOf();
      await build(project);
      expect(await compiled(project)).toEqual({ image: reference, stderr: '' });
    });

    it('says before any build which name to set where an image has no registry', async () => {
      const project = projectOf('');
      const { status, stdout, stderr } = await project.ferrule('build', '--push');
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        'FER6103  "adder:latest" names no registry, so the image adder cannot be pushed\n  fix: set ADDER_URI in .env: ADDER_URI=REGISTRY/REPOSITORY/adder:1\n',
      );
    });

    it('says which registry cannot be reached', async () => {
      const { status, stderr } = await projectOf(`127.0.0.1:1/${repository}/adder:1`).ferrule(
        'build',
        '--push',
      );
      expect(status).toBe(1);
      expect(stderr).toMatch(/^FER6102 {2}127\.0\.0\.1:1\/.* could not be pushed: .*connection refused$/m);
      expect(stderr).toContain('fix: look whether 127.0.0.1:1 can be reached');
    });

    it('pins bases by the digests that registries have, and builds on those', async () => {
      const base = process.env['FERRULE_TEST_NODE_IMAGE'] ?? '';
      const dockerfile = `FROM ${base}\nCOPY programs/ /\nCOPY bundle/ /\nENTRYPOINT ["node", "/ferrule/run.mjs"]\n`;
      const project = projectOf(reference, { 'Dockerfiles/adder.Dockerfile': dockerfile });
      const recipe = async (): Promise<string | undefined> =>
        /"?--recipe"?,?\s*-?\s*"?(sha256:\w+)/.exec(
          (await project.ferrule('compile', 'pipeline.ts', '-o', '-')).stdout,
        )?.[1];
      const before = await recipe();
      expect((await project.ferrule('build', '--update-bases')).status).toBe(0);
      const lock = JSON.parse(readFileSync(join(project.folder, 'ferrule.lock'), 'utf8')) as {
        readonly bases: Readonly<Record<string, string>>;
      };
      const { Descriptor } = await engine().getImage(base).distribution();
      expect(lock).toEqual({ version: 1, bases: { [base]: Descriptor.digest } });
      expect(await recipe()).not.toBe(before);
      const { stdout } = await project.ferrule('build');
      expect(stdout).toContain(`step 1/5: FROM ${base}@${Descriptor.digest}\n`);
      project.write('ferrule.lock', '{"version":2}');
      expect((await project.ferrule('build')).stderr).toContain(
        'FER6109  ferrule.lock is of version 2, not 1',
      );
    });
  },
);

describe.skipIf(dockerEngine === undefined || registryProgram === undefined)(
  'a registry with a password',
  { timeout: 180_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-registry-'));
    const place = '127.0.0.1:5917';
    const uri = `${place}/${repository}/adder:1`;
    const auth = Buffer.from('ann:secret:with:colons').toString('base64');
    let stop = (): void => undefined;
    beforeAll(async () => {
      await buildPrograms();
      writeFileSync(
        join(folder, 'users'),
        'ann:$2b$05$abcdefghijklmnopqrstuuj5DaoYnUxZnCxcpQ8vG/UCDkJIC0IC2\n',
      );
      writeFileSync(
        join(folder, 'config.json'),
        JSON.stringify({
          version: 0.1,
          storage: { filesystem: { rootdirectory: join(folder, 'data') } },
          http: { addr: place },
          auth: { htpasswd: { realm: 'test', path: join(folder, 'users') } },
        }),
      );
      const server = spawn(registryProgram ?? '', ['serve', join(folder, 'config.json')], {
        stdio: 'ignore',
      });
      stop = () => void server.kill();
      for (let tries = 0; tries < 50; tries++) {
        if ((await fetch(`http://${place}/v2/`).catch(() => undefined))?.status === 401) return;
        await wait(100);
      }
      throw new Error('the registry did not start');
    });
    afterAll(async () => {
      stop();
      await removeImages(repository);
      rmSync(folder, { recursive: true });
    });

    /** Pushes with a configuration of Docker's. */
    async function push(
      config: object | string,
      path = '',
    ): Promise<{ status: number | null; stderr: string }> {
      const text = typeof config === 'string' ? config : JSON.stringify(config);
      // A small base: it is pushed whole, as this registry is empty.
      const dockerfile = `FROM ${process.env['FERRULE_TEST_SHELL_IMAGE'] ?? ''}\nCOPY programs/ /\nCOPY bundle/ /\n`;
      const project = projectOf(uri, {
        'docker/config.json': text,
        'Dockerfiles/adder.Dockerfile': dockerfile,
      });
      const env = {
        DOCKER_CONFIG: join(project.folder, 'docker'),
        PATH: `${path}:${process.env['PATH'] ?? ''}`,
      };
      project.write('.env', `ADDER_URI=${uri}\nDOCKER_CONFIG=${env.DOCKER_CONFIG}`);
      const before = process.env['PATH'];
      process.env['PATH'] = env.PATH;
      try {
        return await project.ferrule('build', '--push');
      } finally {
        process.env['PATH'] = before;
      }
    }

    it('is told the name and password that docker login kept', async () => {
      expect(await push({ auths: { [place]: { auth } } })).toMatchObject({ status: 0 });
    });

    it('is told what a helper program knows', async () => {
      const helper = join(folder, 'docker-credential-mine');
      writeFileSync(
        helper,
        `#!/bin/sh\nread server\n[ "$1 $server" = "get ${place}" ] || exit 1\necho '{"Username":"ann","Secret":"secret:with:colons"}'\n`,
      );
      chmodSync(helper, 0o755);
      expect(await push({ credHelpers: { [place]: 'mine' } }, folder)).toMatchObject({ status: 0 });
      expect(await push({ credsStore: 'mine' }, folder)).toMatchObject({ status: 0 });
    });

    it('is the place to log in to where nothing is known, or something wrong', async () => {
      const login = `fix: docker login ${place}; and you must be allowed to write there`;
      for (const config of [
        {},
        { auths: { [place]: { auth: Buffer.from('ann:wrong').toString('base64') } } },
      ]) {
        const { status, stderr } = await push(config);
        expect([status, stderr.split('\n').at(-2)?.trim()]).toEqual([1, login]);
        expect(stderr).toContain('FER6102');
      }
    });

    it('is not asked where a helper is missing or fails, or the configuration does not read', async () => {
      const missing = await push({ credsStore: 'none-such' });
      expect(missing.stderr).toMatch(/^FER6108 {2}docker-credential-none-such, which .* failed: .*ENOENT/m);
      expect((await push('{')).stderr).toMatch(/^FER6108 {2}.*config\.json does not read/m);
    });
  },
);
