import { describe, expect, it } from 'vitest';
import { released } from '../../engine/ports.ts';
import { dockerRunner } from '../../runners/docker/index.ts';
import type { ContainerSpec, KubernetesExecutorConfig } from '../../spec/index.ts';
import { dockerEngine } from '../counterparts.ts';
import { attemptOf, keptLog } from './attempts.ts';
import { foreign, failureOf, noCode, run, runner, sh } from './docker/foreign.ts';
import { docker, shellImage } from './docker/images.ts';

const engine = docker();

describe.skipIf(dockerEngine === undefined)('the Docker runner', () => {
  describe('failures', () => {
    it.each<[string, Pick<ContainerSpec, 'command'>, string, string]>([
      [
        'an exit code, with the last line',
        sh('echo no such table >&2; exit 3'),
        'FER6020',
        'exit code 3; its last line: no such table',
      ],
      ['an exit code of a silent one', sh('exit 4'), 'FER6020', 'exit code 4, and printed nothing'],
      [
        'a command that is not in the image',
        { command: ['trainer'] },
        'FER6020',
        'does not have the command trainer',
      ],
      ['a command that the shell does not find', sh('trainer'), 'FER6020', 'exit code 127'],
      ['a file that is no program', { command: ['/etc/hosts'] }, 'FER6020', '/etc/hosts cannot be run'],
      ['a signal', sh('kill -SEGV $$'), 'FER6009', 'killed by SIGSEGV'],
      ['a kill from outside', sh('kill -KILL $$'), 'FER6009', 'killed by SIGKILL'],
      [
        'an argument that is too long',
        { command: ['echo', 'x'.repeat(140_000)] },
        'FER6020',
        'longer than Linux takes',
      ],
    ])('tell %s', async (_, container, code, words) => {
      const failure = await failureOf(await foreign(container));
      expect(failure.code).toBe(code);
      expect(failure.problem).toContain(words);
      expect(failure.fix).not.toBe('');
    });

    it('tell an output that was not written', async () => {
      const failure = await failureOf(await foreign(sh('true'), { returns: { x: 'STRING' } }));
      expect(failure).toMatchObject({ code: 'FER6004', problem: expect.stringContaining('"x"') as unknown });
    });

    it('tell an image that is nowhere', async () => {
      const failure = await failureOf(
        await foreign({ ...sh('true'), image: 'localhost:1/nobody/nothing:1' }),
      );
      expect(failure).toMatchObject({ code: 'FER6023' });
      expect(failure.problem).toContain('localhost:1/nobody/nothing:1 cannot be pulled');
    });

    it('tell how to build an image of the project', async () => {
      const attempt = await attemptOf({ code: noCode });
      const failure = await failureOf({
        ...attempt,
        container: { ...attempt.container, image: 'never-built' },
      });
      expect(failure).toMatchObject({ code: 'FER6023', fix: 'make it: ferrule build never-built' });
    });

    it('tell a placeholder by name', async () => {
      const failure = await failureOf(await foreign(sh("echo {{$.inputs.parameters['absent']}}")));
      expect(failure).toMatchObject({ code: 'FER3006', retryable: false });
    });
  });

  describe('settings for Kubernetes', () => {
    it.each<[KubernetesExecutorConfig, string | undefined]>([
      [{ pvcMount: [{ mountPath: '/data' }] }, 'a volume claim (pvcMount)'],
      [
        { secretAsEnv: [{ secretName: 's' }], initContainers: [{}] },
        'a Secret as variables (secretAsEnv), containers before its own',
      ],
      [{ somethingNew: true }, 'somethingNew'],
      [{ nodeSelector: { labels: { a: 'b' } }, tolerations: [{}], pvcMount: [] }, undefined],
    ])('are refused where they change what comes out: %j', (settings, words) => {
      const failure = runner.refuse({ image: 'i' }, undefined, settings);
      expect(failure?.problem ?? '').toContain(words ?? '');
      expect(failure?.code).toBe(words === undefined ? undefined : 'FER6021');
      expect(failure?.fix ?? '').toContain(words === undefined ? '' : '--runner kubernetes');
    });

    it('refuse a container that makes a volume claim', () => {
      expect(runner.refuse({ image: 'argostub/createpvc' }, undefined, undefined)?.code).toBe('FER6021');
    });

    it('are left out with a word in the log where they only say where to run', async () => {
      const kubernetes = { nodeSelector: { labels: { a: 'b' } } };
      const log = keptLog();
      await run(await foreign(sh('echo ran'), {}, { kubernetes }), log);
      expect(log.lines).toEqual([expect.stringMatching(/^ferrule: nodeSelector: /), 'ran']);
    });

    it('give folders in memory that any user may write to', async () => {
      const kubernetes = { emptyDirMounts: [{ volumeName: 'v', mountPath: '/scratch', sizeLimit: '1Mi' }] };
      const log = keptLog();
      await run(
        await foreign(sh('echo x > /scratch/x && cat /scratch/x; stat -c %a /scratch'), {}, { kubernetes }),
        log,
      );
      expect(log.lines).toEqual(['x', '1777']);
    });
  });

  describe('with another driver', () => {
    it('takes a container over, with the lines that are not kept yet', async () => {
      const attempt = await foreign(sh('for i in 1 2 3 4 5 6; do echo line $i; sleep 0.3; done'));
      const letGo = new AbortController();
      const first = keptLog();
      const left = runner.start(
        { ...attempt, signal: letGo.signal },
        { ...first, line: (text) => (first.line(text), first.lines.length === 2 && letGo.abort(released)) },
      );
      expect(await left).toEqual({ kind: 'cancelled' });
      const second = keptLog(first.lines.length);
      const other = dockerRunner({ env: process.env });
      const adoption = await other.adopt(attempt, second);
      expect(adoption.kind).toBe('running');
      expect(adoption.kind === 'running' && (await adoption.outcome)).toMatchObject({ kind: 'succeeded' });
      expect([...first.lines, ...second.lines]).toEqual([1, 2, 3, 4, 5, 6].map((i) => `line ${i}`));
      expect(await other.adopt(attempt, keptLog())).toEqual({ kind: 'absent' });
    });

    it('finds the outcome of one that ended while nobody looked', async () => {
      const attempt = await foreign(sh('echo done; exit 7'));
      const gone = new AbortController();
      const left = runner.start(
        { ...attempt, signal: gone.signal },
        { ...keptLog(), progress: () => gone.abort(released) },
      );
      expect(await left).toEqual({ kind: 'cancelled' });
      await engine.getContainer(attempt.name).wait();
      const log = keptLog();
      const adoption = await dockerRunner({ env: process.env }).adopt(attempt, log);
      const outcome = adoption.kind === 'running' ? await adoption.outcome : adoption;
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { problem: expect.stringContaining('exit code 7') as unknown },
      });
      expect(log.lines).toEqual(['done']);
    });

    it('says that one was lost which somebody removed', async () => {
      const attempt = await foreign(sh('sleep 60'));
      const outcome = runner.start(attempt, {
        ...keptLog(),
        progress: () => void engine.getContainer(attempt.name).remove({ force: true }),
      });
      expect(await outcome).toEqual({ kind: 'lost', reason: 'its container was removed' });
    });

    it('does not touch a container of others that has the name', async () => {
      const attempt = await foreign(sh('true'));
      const taken = await engine.createContainer({ name: attempt.name, Image: shellImage, Cmd: ['true'] });
      try {
        expect(await runner.start(attempt, keptLog())).toMatchObject({
          kind: 'failed',
          failure: { code: 'FER6025', fix: `remove it: docker rm --force ${attempt.name}` },
        });
        expect((await taken.inspect()).Name).toBe(`/${attempt.name}`);
      } finally {
        await taken.remove({ force: true });
      }
    });
  });
});

describe('an engine that cannot be used', () => {
  it.each([
    ['ssh://user@elsewhere', 'on this machine'],
    ['tcp://10.0.0.1:2375', 'on this machine'],
    ['somewhere', 'no address'],
  ])('on another machine is refused: %s', async (DOCKER_HOST, words) => {
    const runner = dockerRunner({ env: { DOCKER_HOST } });
    const outcome = await runner.start(await foreign(sh('true')), keptLog());
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6022', retryable: false, problem: expect.stringContaining(words) as unknown },
    });
  });

  it('because it does not run is told with how to start it', async () => {
    const runner = dockerRunner({ env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    const outcome = await runner.start(await foreign(sh('true')), keptLog());
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FER6100',
        kind: 'infrastructure',
        fix: expect.stringContaining('systemctl start docker') as unknown,
      },
    });
  });
});
