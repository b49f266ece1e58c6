import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { warningsOfPlan, type SweepPlan } from '../../sweep/index.ts';
import { makeProject, type Project } from '../cli/project.ts';
import { toyPipeline } from './toy.ts';

const project: Project = makeProject({ 'pipeline.ts': toyPipeline });
afterAll(() => project.remove());

const sweep = ['sweep', 'pipeline.ts', '-s', 'rate=log:1e-4..0.5', '-m', 'score', '--method', 'random'];
const timesIn = (text: string, part: string): number => text.split(part).length - 1;

describe('a sweep that cannot do what it is asked to', () => {
  it('says once, at the end, that what trials are judged by was never reported, and what was', async () => {
    const called = await project.ferrule(...sweep, '-n', '3', '--early-stopping', 'train.scor');
    expect(called.status, called.stderr).toBe(0);
    expect(timesIn(called.stderr, 'no trial reported train.scor')).toBe(1);
    expect(called.stderr).toContain('what was reported: train.score');
    const [sweepId = ''] = /sweep-toy-[0-9a-f]{8}/.exec(called.stdout) ?? [];
    const shown = await project.ferrule('sweep', '--show', sweepId);
    expect(timesIn(shown.stderr, 'no trial reported train.scor')).toBe(1);
  });

  it('is silent where it was reported, and where all trials came from the cache', async () => {
    const called = await project.ferrule(
      ...sweep,
      '-n',
      '2',
      '--seed',
      '9',
      '--early-stopping',
      'train.score',
    );
    expect(called.stderr).not.toContain('warning');
    const again = await project.ferrule(
      ...sweep,
      '-n',
      '2',
      '--seed',
      '9',
      '--early-stopping',
      'train.score',
      '--new',
    );
    expect(again.stderr).not.toContain('warning');
  });

  it('says where no trial can come to the highest rung', async () => {
    const called = await project.ferrule(...sweep, '-n', '4', '--halving', 'epochs=1..9', '--json');
    expect(called.stderr).toContain(
      'with 4 trials none can come to epochs 9: that takes 5 trials at least, and 9 to be sure',
    );
    expect(JSON.parse(called.stdout)).toMatchObject({ status: 'succeeded' });
  });

  it('counts the fewest trials of which one can come there', () => {
    const plan = (trials: number, rungs: readonly number[], eta: number): SweepPlan => ({
      method: 'random',
      metric: { from: 'score', goal: 'maximize' },
      space: [{ name: 'x', dimension: { kind: 'number', low: 0, high: 1, log: false } }],
      fixed: {},
      seed: 1,
      trials,
      parallel: 1,
      retries: 0,
      halving: { resource: 'epochs', rungs, eta },
    });
    expect(warningsOfPlan(plan(7, [1, 3, 9, 27], 3))).toEqual([]);
    expect(warningsOfPlan(plan(6, [1, 3, 9, 27], 3))).toHaveLength(1);
    expect(warningsOfPlan(plan(3, [1, 2], 2.5))).toEqual([]);
    expect(warningsOfPlan(plan(2, [1, 2], 2.5))).toHaveLength(1);
    const few = [{ name: 'x', dimension: { kind: 'choice', values: [1, 2] } }] as const;
    expect(warningsOfPlan({ ...plan(20, [1, 3], 3), space: few })).toHaveLength(1);
  });

  it('says what to do about a file that is not there', async () => {
    const called = await project.ferrule('sweep', 'nope.yaml');
    expect(called.status).toBe(1);
    expect(called.stderr).toMatch(/FER1001 {2}"nope.yaml" cannot be read.*\n +fix: look at the name/);
    project.write('gone.yaml', 'pipeline: gone.ts\nmetric: { from: score }\nparameters: { units: [1, 2] }\n');
    const other = await project.ferrule('sweep', 'gone.yaml');
    expect(other.stderr).toMatch(
      /FER9101 {2}the sweep gone.yaml names the pipeline "gone.ts"[^]*fix: write its path/,
    );
  });
});

describe('the page about sweeps', () => {
  it('names sweeps as they are printed', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/sweeps.md'), 'utf8');
    const named: readonly string[] = [...page.matchAll(/--(?:resume|show) ([\w-]+)$/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(name).toMatch(/^sweep-weather-classification-[0-9a-f]{8}$/);
  });
});
