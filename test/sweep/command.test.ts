import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeProject, type Called, type Project } from '../cli/project.ts';
import { toyPipeline } from './toy.ts';

interface Result {
  readonly sweepId: string;
  readonly status: string;
  readonly reason?: string;
  readonly best: {
    readonly value: number;
    readonly parameters: Record<string, unknown>;
    readonly runId: string;
  } | null;
  readonly trials: readonly {
    readonly trial: number;
    readonly status: string;
    readonly value: number | null;
    readonly configuration: Record<string, unknown>;
    readonly runs: readonly { readonly runId: string; readonly retries: number }[];
    readonly error?: { readonly code: string; readonly problem: string };
  }[];
  readonly files: { readonly best?: string; readonly picture?: string; readonly report: string };
}

const project: Project = makeProject({ 'pipeline.ts': toyPipeline });
afterAll(() => project.remove());

const resultOf = ({ stdout }: Called): Result => JSON.parse(stdout) as Result;
const marksIn = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const space = ['-s', 'rate=log:1e-4..0.5', '-s', 'units=1..100', '-s', 'kind=a,b', '-m', 'score'];

describe('ferrule sweep', () => {
  it('tries settings side by side, computes what they share once, and leaves the best as a file that run takes', async () => {
    const marks = join(project.folder, 'shared.txt');
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      ...space,
      '-n',
      '12',
      '-j',
      '4',
      '-c',
      '4',
      '-p',
      `marks=${marks}`,
      '--json',
    );
    expect(called.status, called.stderr).toBe(0);
    const result = resultOf(called);
    expect(result).toMatchObject({ status: 'succeeded', reason: 'trials' });
    expect(result.trials).toHaveLength(12);
    const values = result.trials.map(({ value }) => value ?? Number.NaN);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(marksIn(marks).filter((line) => line === 'prepare')).toHaveLength(1);
    expect(readFileSync(result.files.picture ?? '', 'utf8')).toContain('rate (log)');
    expect(readFileSync(result.files.report, 'utf8')).toContain(result.best?.runId);
    const run = await project.ferrule('run', 'pipeline.ts', '--params', result.files.best ?? '', '--json');
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ outputs: { score: result.best?.value } });
    // Trials are runs like any other.
    const shown = await project.ferrule('show', result.best?.runId ?? '', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      status: 'succeeded',
      parameters: result.best?.parameters,
    });
  });

  it('proposes the same settings whatever the order in which trials end', async () => {
    const tried = async (pause: number): Promise<unknown> => {
      const called = await project.ferrule(
        'sweep',
        'pipeline.ts',
        ...space,
        '-n',
        '14',
        '-j',
        '3',
        '-p',
        `pause=${pause}`,
        '--json',
      );
      return resultOf(called)
        .trials.toSorted((a, b) => a.trial - b.trial)
        .map(({ configuration }) => configuration);
    };
    expect(await tried(1)).toEqual(await tried(17));
  });

  it('goes over a grid', async () => {
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      '-s',
      'rate=log:0.001..0.1/3',
      '-s',
      'kind=a,b',
      '-m',
      'score',
      '--method',
      'grid',
      '--json',
    );
    const tried = resultOf(called).trials.map(({ configuration }) => configuration);
    expect(tried).toHaveLength(6);
    expect(new Set(tried.map((one) => `${String(one['rate'])} ${String(one['kind'])}`))).toEqual(
      new Set(['0.001 a', '0.001 b', '0.01 a', '0.01 b', '0.1 a', '0.1 b']),
    );
    expect(resultOf(called).best?.parameters).toMatchObject({ rate: 0.01, kind: 'b' });
  });

  it('ends trials that report less than others did', async () => {
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      ...space,
      '-n',
      '12',
      '-p',
      'epochs=20',
      '-p',
      'pause=25',
      '--method',
      'random',
      '--early-stopping',
      'train.score',
      '--json',
    );
    const { trials } = resultOf(called);
    const stopped = trials.filter(({ status }) => status === 'stopped');
    expect(stopped.length).toBeGreaterThan(0);
    expect(trials.at(0)?.status).toBe('succeeded');
    expect(stopped.every(({ value }) => value === null)).toBe(true);
  });

  it('gives all trials little, and the best of them more', async () => {
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      ...space,
      '-n',
      '9',
      '-j',
      '2',
      '--halving',
      'epochs=1..9',
      '--json',
    );
    const { trials, best } = resultOf(called);
    expect(trials.filter(({ runs }) => runs.length >= 2).length).toBeGreaterThanOrEqual(3);
    expect(trials.filter(({ runs }) => runs.length === 3)).toHaveLength(1);
    expect(best?.parameters).toMatchObject({ epochs: 9 });
  });

  it('counts trials that fail, tries them again where it is asked to, and goes on', async () => {
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      '-s',
      'rate=0.01,0.95,0.1',
      '-m',
      'train.metrics.score',
      '--method',
      'grid',
      '--retries',
      '1',
      '--json',
    );
    expect(called.status).toBe(0);
    const failed = resultOf(called).trials.find(({ status }) => status === 'failed');
    expect(failed).toMatchObject({
      configuration: { rate: 0.95 },
      error: { problem: expect.stringContaining('diverged') },
    });
    expect(failed?.runs[0]?.retries).toBe(1);
  });

  it('ends with the first cause where all trials fail, and soon', async () => {
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      '-s',
      'rate=0.91..0.99',
      '-m',
      'score',
      '-n',
      '50',
    );
    expect(called.status).toBe(1);
    expect(called.stderr).toContain('FER9108');
    expect(called.stderr).toContain('it diverged');
    expect(called.stdout).toContain('3 failed');
  });

  it('ends once a trial is good enough, or none is better than those before', async () => {
    const grid = [
      'sweep',
      'pipeline.ts',
      '-s',
      'units=40,41,42,43,44,45,46',
      '-m',
      'score',
      '--method',
      'grid',
      '--json',
    ];
    const target = resultOf(await project.ferrule(...grid, '-p', 'rate=0.01', '--target', '0.99'));
    expect(target).toMatchObject({ reason: 'target', trials: [{ status: 'succeeded' }] });
    const patience = resultOf(await project.ferrule(...grid, '-p', 'rate=0.011', '--patience', '2'));
    expect(patience).toMatchObject({ reason: 'patience' });
    expect(patience.trials).toHaveLength(3);
  });

  it('goes on with more trials where the same sweep gets a larger budget, and does nothing where it has ended', async () => {
    const command = ['sweep', 'pipeline.ts', '-s', 'units=1..100', '-m', 'score', '--json'];
    const three = resultOf(await project.ferrule(...command, '-n', '3'));
    const five = resultOf(await project.ferrule(...command, '-n', '5'));
    expect(five.sweepId).toBe(three.sweepId);
    expect(five.trials).toHaveLength(5);
    expect(five.trials.filter(({ trial }) => trial < 3)).toEqual(
      five.trials.filter(({ trial }) => three.trials.some((before) => before.trial === trial)),
    );
    const again = await project.ferrule(...command, '-n', '5');
    expect(again.stderr).toContain('has ended');
    expect(resultOf(again).trials).toEqual(five.trials);
  });

  it('says before anything runs what does not fit the pipeline, and where', async () => {
    project.write(
      'wrong.yaml',
      'pipeline: pipeline.ts\nmetric: { from: train.metric.score }\nparameters:\n  rat: [1, 2]\n  units: { int: [1, 9.5] }\n  kind: { uniform: [0, 1] }\n',
    );
    const called = await project.ferrule('sweep', 'wrong.yaml');
    expect(called.status).toBe(1);
    expect(called.stderr).toContain('FER9102  the pipeline has no parameter "rat"\n  at wrong.yaml:4:3');
    expect(called.stderr).toContain('the parameter "units" takes whole numbers');
    expect(called.stderr).toContain('the parameter "kind" is a STRING, and has no range of numbers');
    expect(called.stderr).toContain(
      'FER9103  the metric "train.metric.score": the task "train" has no output "metric"',
    );
    expect(called.stdout).toBe('');
  });
});
