import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerEngine, registry } from '../counterparts.ts';
import { keptLog } from './attempts.ts';
import { foreign, failureOf, run, runner, sh } from './docker/foreign.ts';
import { docker, shellImage } from './docker/images.ts';

const engine = docker();

describe.skipIf(dockerEngine === undefined)('the Docker runner', () => {
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
