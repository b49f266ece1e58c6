import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../cli/result.ts';
import { makeProject, type Called, type Project } from './project.ts';

const source = (greeting: string): string => `
import { component, int, pipeline, TaskError, type Dataset, type Int, type Metrics } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

export const greet = component({}, async ({ name }: { name: string }, out: { words: Dataset }) => {
  console.log('greeting ' + name);
  if (name === 'nobody') throw new TaskError('there is nobody to greet', { fix: 'give a name' });
  await writeFile(out.words.path, '${greeting} ' + name);
});
export const measure = component(
  {},
  async ({ words, factor }: { words: Dataset; factor: Int }, out: { metrics: Metrics }): Promise<{ size: Int }> => {
    const size = (await readFile(words.path, 'utf8')).length * factor;
    out.metrics.log('size', size);
    return { size };
  },
);
export default pipeline('greetings', { name: 'world', factor: int(1) }, ({ name, factor }) => {
  const greeted = greet({ name });
  const measured = measure({ words: greeted.outputs.words, factor });
  return { size: measured.outputs.size, words: greeted.outputs.words };
});
`;

let project: Project;
beforeAll(() => {
  project = makeProject({ 'pipeline.ts': source('hello') });
});
afterAll(() => project.remove());

const resultOf = ({ stdout }: Called): RunResult => JSON.parse(stdout) as RunResult;

describe('the command line, on one project', () => {
  it('plans a run before there is any, and says so to CI', async () => {
    const plan = await project.ferrule('plan', 'pipeline.ts', '--exit-code');
    expect(plan.stdout).toMatch(/greet\s+runs/);
    expect(plan.stdout).toMatch(/measure\s+may run\s+depends on what "greet" gives/);
    expect(plan.status).toBe(2);
    expect(existsSync(join(project.folder, '.ferrule/root/runs'))).toBe(false);
  });

  it('runs a pipeline with plain lines where there is no terminal', async () => {
    const run = await project.ferrule('run', 'pipeline.ts', '--name', 'the first');
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('greet | greeting world');
    expect(run.stdout).toMatch(/succeeded in .* 2 ran/);
    expect(run.stdout).toMatch(/size\s+11/);
    expect(run.stdout).toMatch(/words\s+\.ferrule\/root\/runs\/.*\/words/);
    expect(run.stdout).not.toContain('\u001B');
    expect(run.status).toBe(0);
  });

  it('takes a second run from the cache, and gives one JSON object where asked', async () => {
    const run = await project.ferrule('run', 'pipeline.ts', '--json');
    const result = resultOf(run);
    expect(result).toMatchObject({
      status: 'succeeded',
      outputs: { size: 11, words: { type: 'system.Dataset' } },
    });
    expect(result.tasks.map(({ name, cache, status }) => [name, cache, status])).toEqual([
      ['greet', 'hit', 'cached'],
      ['measure', 'hit', 'cached'],
    ]);
    expect(run.stderr).toContain('cached from run');
    expect((await project.ferrule('plan', 'pipeline.ts', '--exit-code')).status).toBe(0);
  });

  it('runs again only what an edit reaches', async () => {
    project.write('pipeline.ts', source('hello').replace('length * factor', 'length * factor + 0'));
    const { tasks } = resultOf(await project.ferrule('run', 'pipeline.ts', '--json'));
    expect(tasks.map(({ cache }) => cache)).toEqual(['hit', 'miss']);
    const why = await project.ferrule('why', 'latest', 'measure');
    expect(why.stdout).toContain('code.code');
    project.write('pipeline.ts', `// a remark\n${source('hello')}`);
    const back = resultOf(await project.ferrule('run', 'pipeline.ts', '--json'));
    expect(back.tasks.map(({ cache }) => cache)).toEqual(['hit', 'hit']);
  });

  it('says which field of a fingerprint differs', async () => {
    expect((await project.ferrule('run', 'pipeline.ts', '--param', 'factor=3')).stdout).toMatch(/size\s+33/);
    const why = await project.ferrule('why', 'latest', 'measure', '--json');
    expect(JSON.parse(why.stdout)).toMatchObject({
      decision: 'miss',
      differences: [{ field: 'parameters.factor', now: 3 }],
    });
    const hit = await project.ferrule('why', 'latest', 'greet');
    expect(hit.stdout).toContain('hit');
  });

  it('plans with the fields that differ', async () => {
    const plan = await project.ferrule('plan', 'pipeline.ts', '-p', 'factor=4');
    expect(plan.stdout).toMatch(/greet\s+cached/);
    expect(plan.stdout).toMatch(/measure\s+runs\s+parameters\.factor \d -> 4/);
  });

  it('neither reads nor writes the cache with --no-cache, and only writes it with --refresh', async () => {
    for (const [option, expected] of [
      ['--no-cache', 'off'],
      ['--refresh', 'miss'],
    ] as const) {
      const { tasks } = resultOf(await project.ferrule('run', 'pipeline.ts', '--json', option));
      expect(
        tasks.map(({ cache, status }) => [cache, status]),
        option,
      ).toEqual([
        [expected, 'succeeded'],
        [expected, 'succeeded'],
      ]);
    }
  });

  it('runs one task with what it needs, or all from one task on', async () => {
    const only = resultOf(await project.ferrule('run', 'pipeline.ts', '--json', '--only', 'greet'));
    expect(only.tasks.map(({ status }) => status)).toEqual(['cached', 'skipped']);
    const from = resultOf(await project.ferrule('run', 'pipeline.ts', '--json', '--from', 'measure'));
    expect(from.tasks.map(({ status }) => status)).toEqual(['cached', 'succeeded']);
    const wrong = await project.ferrule('run', 'pipeline.ts', '--only', 'nothing');
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain('greet, measure');
  });

  it('lists, shows and compares runs, and prints their logs', async () => {
    const runs = JSON.parse((await project.ferrule('runs', '--json', '-n', '100')).stdout) as {
      runId: string;
    }[];
    expect(runs.length).toBeGreaterThan(5);
    expect((await project.ferrule('runs')).stdout).toContain('the first');
    expect((await project.ferrule('runs', '--status', 'failed')).stdout).toContain('no such run');
    const first = runs.at(-1)?.runId ?? '';
    const show = await project.ferrule('show', first);
    expect(show.stdout).toMatch(/name\s+world/);
    expect(show.stdout).toMatch(/greet\.words\s+system\.Dataset/);
    expect((await project.ferrule('logs', first, 'greet')).stdout).toBe('greeting world\n');
    expect((await project.ferrule('logs', 'latest')).stdout).toContain('greet | greeting world');
    const third = runs.find(({ runId }) => runId !== first)?.runId ?? '';
    const compared = await project.ferrule('compare', first, third, 'latest', '--html', 'compared.html');
    expect(compared.stdout).toMatch(/measure\.metrics\.size\s+11/);
    expect(readFileSync(join(project.folder, 'compared.html'), 'utf8')).toContain('measure.metrics.size');
  });

  it('compiles to the same bytes each time, and runs the spec as it runs the source', async () => {
    const [one, two] = [
      await project.ferrule('compile', 'pipeline.ts', '-o', '-'),
      await project.ferrule('compile', 'pipeline.ts', '-o', '-'),
    ];
    expect(one.stdout).toBe(two.stdout);
    expect(one.stdout).toMatch(/schemaVersion: "?2\.1\.0/);
    expect((await project.ferrule('compile', 'pipeline.ts')).status).toBe(0);
    const { tasks } = resultOf(await project.ferrule('run', 'pipeline.yaml', '--json'));
    expect(tasks.map(({ cache }) => cache)).toEqual(['hit', 'hit']);
  });

  it('shows a failure with its fix and where its log is, and ends with 1', async () => {
    const run = await project.ferrule('run', 'pipeline.ts', '-p', 'name=nobody');
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('there is nobody to greet');
    expect(run.stdout).toContain('fix: give a name');
    expect(run.stdout).toMatch(/its log: ferrule logs \S+ greet/);
    const json = resultOf(await project.ferrule('run', 'pipeline.ts', '-p', 'name=nobody', '--json'));
    expect(json).toMatchObject({
      status: 'failed',
      tasks: [{ error: { fix: 'give a name' } }, { status: 'skipped' }],
    });
  });

  it('checks everything before it starts anything', async () => {
    const before = (await project.ferrule('runs', '--json', '-n', '1000')).stdout;
    const wrong = await project.ferrule(
      'run',
      'pipeline.ts',
      '-p',
      'factor=much',
      '-p',
      'color=red',
      '--json',
    );
    expect(wrong.status).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      status: 'failed',
      errors: [{ code: 'FER3003' }, { code: 'FER3004' }],
    });
    const unknown = await project.ferrule('run', 'pipeline.ts', '-p', 'color=red');
    expect(unknown.stderr).toContain('color');
    expect(unknown.status).toBe(1);
    expect((await project.ferrule('run', 'none.ts')).status).toBe(1);
    expect((await project.ferrule('run', 'README.md')).stderr).toContain('FER1001');
    expect((await project.ferrule('show', 'nothing')).stderr).toContain('FER1003');
    expect((await project.ferrule('runs', '--root', 'mistyped')).stderr).toContain('FER1003');
    expect(existsSync(join(project.folder, 'mistyped'))).toBe(false);
    expect((await project.ferrule('runs', '--json', '-n', '1000')).stdout).toBe(before);
  });

  it('collects old runs, and keeps what those that stay have from the cache', async () => {
    await project.ferrule('run', 'pipeline.ts');
    const dry = JSON.parse((await project.ferrule('gc', '--keep', '1', '--dry-run', '--json')).stdout) as {
      runs: string[];
    };
    expect(dry.runs.length).toBeGreaterThan(3);
    expect((await project.ferrule('gc', '--keep', '1')).stdout).toContain('freed');
    expect(JSON.parse((await project.ferrule('runs', '--json')).stdout)).toHaveLength(1);
    const kept = resultOf(await project.ferrule('run', 'pipeline.ts', '--json'));
    expect(kept.tasks.map(({ cache }) => cache)).toEqual(['hit', 'hit']);
    await project.ferrule('gc', '--older-than', '0');
    expect((await project.ferrule('runs', '--json')).stdout).toBe('[]\n');
    const anew = resultOf(await project.ferrule('run', 'pipeline.ts', '--json'));
    expect(anew.tasks.map(({ cache }) => cache)).toEqual(['miss', 'miss']);
  });

  it('gives what cancel and doctor say as one JSON object, where asked', async () => {
    const cancelled = await project.ferrule('cancel', '--json');
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ status: expect.any(String), asked: false });
    const doctor = await project.ferrule('doctor', '--json');
    const found = JSON.parse(doctor.stdout) as { works: boolean; checks: { name: string; kind: string }[] };
    expect(found.works).toBe(doctor.status === 0);
    expect(found.checks).toContainEqual(expect.objectContaining({ name: 'Node.js', kind: 'ok' }));
    expect(found.checks).toContainEqual(expect.objectContaining({ name: 'Python' }));
    expect((await project.ferrule('doctor')).stdout).toMatch(/✓ +ferrule .*\n +✓ +Node\.js/);
  });
});
