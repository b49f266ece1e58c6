import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { released, type Attempt, type Outcome } from '../../engine/ports.ts';
import { dockerRunner } from '../../runners/docker/index.ts';
import type { ContainerSpec, KubernetesExecutorConfig } from '../../spec/index.ts';
import { dockerEngine, registry } from '../counterparts.ts';
import { attemptOf, keptLog, type AttemptDraft, type KeptLog } from './attempts.ts';
import { docker, shellImage } from './docker/images.ts';

const noCode = `sha256:${'0'.repeat(64)}` as const;

/** Makes an attempt of somebody else's container. */
async function foreign(
  container: Partial<ContainerSpec>,
  draft: Partial<AttemptDraft> = {},
  more: Partial<Attempt> = {},
): Promise<Attempt> {
  const { identity: _, ...attempt } = await attemptOf({ code: noCode, ...draft });
  return { ...attempt, container: { image: shellImage, ...container }, ...more };
}

const sh = (script: string): Pick<ContainerSpec, 'command'> => ({ command: ['sh', '-c', script] });

describe.skipIf(dockerEngine === undefined)('the Docker runner', () => {
  const runner = dockerRunner({ env: process.env, grace: 1000 });
  const engine = docker();

  async function run(attempt: Attempt, log: KeptLog = keptLog()): Promise<Outcome> {
    const outcome = await runner.start(attempt, log);
    await expect(engine.getContainer(attempt.name).inspect()).rejects.toMatchObject({ statusCode: 404 });
    return outcome;
  }

  async function failureOf(attempt: Attempt): Promise<{ code: string; problem: string; fix?: string }> {
    const outcome = await run(attempt);
    if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
    return outcome.failure;
  }

  describe("with others' images", () => {
    it('fills in every placeholder, and reads outputs from the files that it named', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ferrule-inputs-'));
      await writeFile(join(folder, 'data.txt'), 'from the input');
      const attempt = await foreign(
        {
          command: [
            'sh',
            '-c',
            `set -e; cat "$0"; echo; echo "$@" "$MODE"
             printf %s 0.5 > {{$.outputs.parameters['score'].output_file}}
             printf '[1, "b"]' > {{$.outputs.parameters['list'].output_file}}
             mkdir {{$.outputs.artifacts['model'].path}}; echo weights > {{$.outputs.artifacts['model'].path}}/w
             echo '{"parameterValues": {"text": "from the output file"}, "artifacts": {"model": {"artifacts": [{"name": "m", "uri": "", "metadata": {"layers": 3}}]}}}' > {{$.outputs.output_file}}`,
            "{{$.inputs.artifacts['data'].path}}",
          ],
          args: [
            "{{$.inputs.parameters['n']}}",
            '{"IfPresent": {"InputName": "n", "Then": ["--given", "{{$.inputs.parameters[\'list\']}}"]}}',
            '{"IfPresent": {"InputName": "absent", "Then": "never"}}',
            '{"Concat": ["run=", "{{$.pipeline_job_name}}", "/{{$.pipeline_task_name}}"]}',
          ],
          env: [{ name: 'MODE', value: "mode-{{$.inputs.parameters['n']}}" }],
        },
        {
          parameters: { n: 3, list: [1, 'a b'] },
          artifacts: { data: [join(folder, 'data.txt')] },
          returns: { score: 'NUMBER_DOUBLE', list: 'LIST', text: 'STRING' },
          outputs: { model: 'system.Model' },
        },
      );
      const log = keptLog();
      const outcome = await run(attempt, log);
      expect(log.lines).toEqual(['from the input', '3 --given [1,"a b"] run=test-run/test-task mode-3']);
      expect(outcome).toEqual({
        kind: 'succeeded',
        output: {
          parameterValues: { score: 0.5, list: [1, 'b'], text: 'from the output file' },
          artifacts: { model: { artifacts: [{ name: 'm', uri: '', metadata: { layers: 3 } }] } },
        },
      });
      const model = attempt.input.outputs.artifacts?.['model']?.artifacts[0]?.uri ?? '';
      expect(await readFile(join(model, 'w'), 'utf8')).toBe('weights\n');
      expect(log.progressed.at(-1)).toEqual({ kind: 'running' });
    });

    it('keeps its own program where the spec names none, and the arguments that it takes', async () => {
      const log = keptLog();
      // The image has no entry point: arguments alone are the whole command.
      expect(await run(await foreign({ args: ['echo', 'by arguments'] }), log)).toMatchObject({
        kind: 'succeeded',
      });
      expect(log.lines).toEqual(['by arguments']);
    });

    it('keeps standard output and standard error, whole lines of each', async () => {
      const log = keptLog();
      const script = 'for i in $(seq 500); do printf "out "; echo "err $i" >&2; echo "$i"; done; printf open';
      await run(await foreign(sh(script)), log);
      const numbers = Array.from({ length: 500 }, (_, i) => i + 1);
      expect(log.lines.filter((line) => line.startsWith('out'))).toEqual(numbers.map((i) => `out ${i}`));
      expect(log.lines.filter((line) => line.startsWith('err'))).toEqual(numbers.map((i) => `err ${i}`));
      expect(log.lines.at(-1)).toBe('open');
    });

    it('lets bytes that are no text pass as what they can be', async () => {
      const log = keptLog();
      await run(
        await foreign(sh(String.raw`printf 'a\377\000b\r\nc'; head -c 100000 /dev/zero | tr '\0' x`)),
        log,
      );
      expect(log.lines[0]).toBe('a\uFFFD\0b');
      expect(log.lines[1]?.length).toBe(100_001);
    });

    it('gives inputs to read, and not to write', async () => {
      const file = join(await mkdtemp(join(tmpdir(), 'ferrule-inputs-')), 'data');
      await writeFile(file, 'as it was');
      await chmod(file, 0o666);
      const script = `echo changed > {{$.inputs.artifacts['data'].path}}`;
      const failure = await failureOf(await foreign(sh(script), { artifacts: { data: [file] } }));
      expect(failure).toMatchObject({
        code: 'FER6020',
        problem: expect.stringContaining('Read-only') as unknown,
      });
      expect(await readFile(file, 'utf8')).toBe('as it was');
    });
  });

  describe('limits', () => {
    it('says that a container used more memory than its limit', async () => {
      const resources = { resourceMemoryLimit: '16Mi' };
      const failure = await failureOf(await foreign({ ...sh('head -c 200m /dev/zero | tail'), resources }));
      expect(failure).toMatchObject({
        code: 'FER6010',
        problem: 'the container used more memory than its limit of 16Mi',
      });
    });

    it('fills limits in from inputs, and takes more cores than there are for no limit', async () => {
      const attempt = await foreign(
        {
          ...sh('cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null'),
          resources: { resourceMemoryLimit: "{{$.inputs.parameters['memory']}}", cpuLimit: 4000 },
        },
        { parameters: { memory: '64Mi' } },
      );
      const log = keptLog();
      await run(attempt, log);
      expect(log.lines).toEqual([`${64 * 2 ** 20}`]);
    });

    it.each([
      ['a quantity that does not read', { resourceMemoryLimit: 'lots' }, '"lots"'],
      ['an accelerator of others', { accelerator: { type: 'amd.com/gpu', count: '1' } }, 'amd.com/gpu'],
    ])('refuses %s', async (_, resources, words) => {
      const failure = await failureOf(await foreign({ ...sh('true'), resources }));
      expect(failure).toMatchObject({ code: 'FER6021', retryable: false });
      expect(failure.problem).toContain(words);
    });

    it('runs without a card where the engine has none, and says so in the log', async () => {
      const resources = { accelerator: { type: 'nvidia.com/gpu', count: '1' } };
      const log = keptLog();
      expect(await run(await foreign({ ...sh('echo ran'), resources }), log)).toMatchObject({
        kind: 'succeeded',
      });
      expect(log.lines.at(-1)).toBe('ran');
      // An engine that has one gives it in silence.
      const notes = log.lines.slice(0, -1).filter((line) => line.includes('no NVIDIA card'));
      expect(notes.length).toBe(existsSync('/dev/nvidiactl') ? 0 : 1);
    });
  });

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
      const letGo = AbortSignal.timeout(0);
      const gone = new AbortController();
      const left = runner.start(
        { ...attempt, signal: gone.signal },
        { ...keptLog(), progress: () => gone.abort(released) },
      );
      expect(await left).toEqual({ kind: 'cancelled' });
      expect(letGo).toBeDefined();
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

  it('runs twenty containers at a time', async () => {
    const attempts = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        foreign(sh(`echo ${i}; printf ${i} > {{$.outputs.parameters['i'].output_file}}`), {
          returns: { i: 'NUMBER_INTEGER' },
        }),
      ),
    );
    const outcomes = await Promise.all(attempts.map((attempt) => run(attempt)));
    expect(
      outcomes.map((outcome) => outcome.kind === 'succeeded' && outcome.output.parameterValues?.['i']),
    ).toEqual(attempts.map((_, i) => i));
  }, 120_000);

  it.skipIf(registry === undefined)(
    'pulls an image once for all that wait for it, and knows its digest before',
    async () => {
      const repository = `${registry ?? ''}/ferrule-test/pulled`;
      const name = `${repository}:${process.pid}`;
      await engine.getImage(shellImage).tag({ repo: repository, tag: `${process.pid}` });
      const pushed = await engine.getImage(name).push({ authconfig: {} as never });
      await new Promise((resolve) => engine.modem.followProgress(pushed, resolve));
      await engine.getImage(name).remove();
      const digest = await runner.resolveImage?.(name);
      expect(digest).toMatch(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
      const logs = [keptLog(), keptLog(), keptLog()];
      const outcomes = logs.map(async (log) => run(await foreign({ ...sh('echo ran'), image: name }), log));
      expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(logs.map(() => 'succeeded'));
      for (const { progressed } of logs)
        expect(progressed[0]).toEqual({ kind: 'waiting', reason: `pulling image ${name}` });
      expect(await runner.resolveImage?.(name)).toBe(digest);
      await engine.getImage(name).remove();
    },
  );

  it('names an image by its digest where a registry has it, and none that is only here', async () => {
    expect(await runner.resolveImage?.('localhost:1/nobody/nothing:1')).toBeUndefined();
    expect(await runner.resolveImage?.(`image@sha256:${'0'.repeat(64)}`)).toBe(
      `image@sha256:${'0'.repeat(64)}`,
    );
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
