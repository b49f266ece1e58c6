/** The server's image on a Docker engine, as somebody sets it up: built, started, used, stopped, killed, started again. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject, type Project } from '../cli/project.ts';
import { dockerEngine, kfpPython } from '../counterparts.ts';
import { build, buildPrograms, engine, removeImages } from '../images/project.ts';
import { makeServedProject, serve } from '../server/serving.ts';
import { finishRun, startRun, useServer, type Reached } from './client.ts';

const ready = dockerEngine !== undefined && kfpPython !== undefined;
const image = `ferrule-test/${randomUUID().slice(0, 8)}/server:1`;

/** A task that takes a while, and is not to be begun twice. */
const slow = `
import { component, pipeline } from 'ferrule';
export const before = component({}, ({ name }: { name: string }): string => {
  console.log('before ' + name);
  return name;
});
export const slow = component({}, async ({ name }: { name: string }): Promise<string> => {
  console.log('slow ' + name);
  await new Promise((done) => setTimeout(done, 4000));
  return name;
});
export default pipeline('slow', { name: '' }, ({ name }) => ({ said: slow({ name: before({ name }).outputs.Output }).outputs.Output }));
`;

describe.skipIf(!ready)("the server's image", () => {
  let project: Project;
  let served: Project;
  const volume = `ferrule-test-${randomUUID().slice(0, 8)}`;
  const containers: Docker.Container[] = [];
  let token: string;

  /** Starts the image as docs/server.md says. */
  const start = async (more: Docker.ContainerCreateOptions = {}): Promise<Docker.Container> => {
    const { HostConfig, ...rest } = more;
    const container = await engine().createContainer({
      Image: image,
      ...rest,
      HostConfig: {
        ReadonlyRootfs: true,
        Init: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Tmpfs: { '/tmp': 'mode=1777' },
        Binds: [`${volume}:/data`, `${join(project.folder, 'tokens')}:/etc/ferrule/tokens:ro`],
        ...HostConfig,
      },
    });
    containers.push(container);
    await container.start();
    return container;
  };
  const reach = async (container: Docker.Container): Promise<Reached> => {
    const { NetworkSettings } = await container.inspect();
    const url = `http://${NetworkSettings.Networks['bridge']?.IPAddress}:8888`;
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${url}/apis/v2beta1/healthz`).catch(() => undefined);
      if (answer?.status === 200) return { url, token };
      if (tries > 150) throw new Error(await logOf(container));
      await wait(200);
    }
  };
  const package_ = (name: string): string => join(served.folder, `${name}.yaml`);

  beforeAll(async () => {
    await buildPrograms();
    project = makeProject({ '.env': `FERRULE_SERVER_IMAGE=${image}\n` });
    served = await makeServedProject();
    await writeFile(join(served.folder, 'slow.ts'), slow);
    const compiled = await served.ferrule('compile', 'slow.ts', '-o', 'slow.yaml');
    if (compiled.status !== 0) throw new Error(compiled.stderr);
    const made = await project.ferrule('token', 'ann', '--namespaces', 'red');
    token = /token: (\S+)/.exec(made.stderr)?.[1] ?? '';
    project.write('tokens', made.stdout);
    await build(project, '--server');
  }, 300_000);
  afterAll(async () => {
    for (const container of containers) await container.remove({ force: true, v: true });
    await engine().getVolume(volume).remove();
    await removeImages(image);
    project.remove();
    served.remove();
  });

  it('is small, is nobody special, and looks after its own health', async () => {
    const { Size, Config } = await engine().getImage(image).inspect();
    const base = await engine().getImage('node:22-slim').inspect();
    expect(Size - base.Size).toBeLessThan(45e6);
    expect(Config.User).toBe('1000');
    const container = await start();
    await reach(container);
    const exec = await container.exec({ Cmd: Config.Healthcheck?.Test?.slice(1) ?? [] });
    await exec.start({});
    for (let tries = 0; (await exec.inspect()).Running && tries < 100; tries++) await wait(100);
    expect((await exec.inspect()).ExitCode).toBe(0);
    await container.stop();
  });

  it("serves KFP's client; SIGTERM ends it, and the next one has what it kept", async () => {
    const first = await start();
    const reached = await reach(first);
    const data = await useServer(reached, { package: package_('data'), task: 'make' });
    expect(data).toMatchObject({ state: 'SUCCEEDED', listed: true, deleted: true });
    const run = await startRun(reached, { package: package_('slow'), parameters: { name: 'one' } });
    await untilTask(reached, run, 'slow');
    await first.kill({ signal: 'SIGTERM' });
    expect(await first.wait()).toMatchObject({ StatusCode: 0 });
    expect(await logOf(first)).toContain('"kind":"closed"');
    const second = await reach(await start());
    expect(await finishRun(second, run, 'before')).toMatchObject({ state: 'SUCCEEDED', log: 'before one\n' });
  }, 120_000);

  it('that was killed goes on in the same container within seconds', async () => {
    const container = await start();
    const reached = await reach(container);
    const run = await startRun(reached, { package: package_('slow'), parameters: { name: 'two' } });
    await untilTask(reached, run, 'slow');
    await container.kill({ signal: 'SIGKILL' });
    await container.wait();
    const from = Date.now();
    await container.start();
    const again = await reach(container);
    expect(await finishRun(again, run, 'before')).toMatchObject({ state: 'SUCCEEDED', log: 'before two\n' });
    // A process of the same number was there before: it is not taken for one that still drives the run.
    expect(Date.now() - from).toBeLessThan(14_000);
  }, 120_000);

  it('is not needed: a server on this machine has its tasks run in containers too', async () => {
    const serving = await serve(served, ['--runner', 'docker']);
    try {
      const work = { package: package_('slow'), parameters: { name: 'outside' }, task: 'slow' };
      expect(await useServer({ url: serving.url }, work)).toMatchObject({
        state: 'SUCCEEDED',
        log: 'slow outside\n',
      });
    } finally {
      await serving.stop();
    }
  }, 120_000);

  it('refuses to start without tokens', async () => {
    const container = await start({ Cmd: ['server', '--host', '0.0.0.0'] });
    expect(await container.wait()).toMatchObject({ StatusCode: 1 });
    expect(await logOf(container)).toContain('FER9002');
  });

  it('runs tasks in containers, given the socket of the engine and a folder that both know by one name', async () => {
    const folder = join(project.folder, 'root');
    await mkdir(folder);
    const socket = (dockerEngine ?? '').replace('unix://', '');
    const container = await start({
      User: '0',
      Cmd: [
        'server',
        '--host=0.0.0.0',
        '--tokens=/etc/ferrule/tokens',
        '--runner=docker',
        `--root=${folder}`,
      ],
      Env: [`DOCKER_HOST=unix://${socket}`],
      WorkingDir: folder,
      HostConfig: {
        Binds: [
          `${folder}:${folder}`,
          `${dirname(socket)}:${dirname(socket)}`,
          `${join(project.folder, 'tokens')}:/etc/ferrule/tokens:ro`,
        ],
        CapDrop: [],
      },
    });
    const run = await useServer(await reach(container), {
      package: package_('slow'),
      parameters: { name: 'x' },
      task: 'slow',
    });
    expect(run).toMatchObject({ state: 'SUCCEEDED', log: 'slow x\n' });
    await container.stop();
  }, 120_000);
});

async function untilTask({ url, token = '' }: Reached, run: string, name: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`${url}/apis/v2beta1/runs/${run}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { run_details: details } = (await answer.json()) as {
      readonly run_details: {
        readonly task_details: readonly { readonly display_name: string; readonly state: string }[];
      };
    };
    if (details.task_details.some((task) => task.display_name === name && task.state === 'RUNNING')) return;
    await wait(100);
  }
  throw new Error(`${name} does not run`);
}

async function logOf(container: Docker.Container): Promise<string> {
  return (await container.logs({ stdout: true, stderr: true })).toString();
}
