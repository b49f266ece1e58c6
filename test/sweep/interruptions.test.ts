import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { makeProject, type Called, type Project } from '../cli/project.ts';
import { toyPipeline } from './toy.ts';

const project: Project = makeProject({ 'pipeline.ts': toyPipeline });
afterAll(() => project.remove());

interface Trials {
  readonly sweepId: string;
  readonly status: string;
  readonly trials: readonly {
    readonly trial: number;
    readonly status: string;
    readonly runs: readonly unknown[];
  }[];
}

const resultOf = ({ stdout }: Called): Trials => JSON.parse(stdout) as Trials;
const commandFor = (marks: string, seed: number, pause = 40): readonly string[] => [
  'sweep',
  'pipeline.ts',
  '-s',
  'rate=log:1e-4..0.5',
  '-s',
  'units=1..100',
  '-m',
  'score',
  '-n',
  '8',
  '-j',
  '2',
  '-p',
  `marks=${marks}`,
  '-p',
  'epochs=4',
  '-p',
  `pause=${pause}`,
  '--seed',
  String(seed),
  '--json',
];

describe('a sweep that is interrupted', () => {
  it('loses no trial and makes none twice, whenever it is killed', async () => {
    const marks = join(project.folder, 'killed.txt');
    const command = commandFor(marks, 1);
    for (const after of [900, 1300, 1000, 1600, 1100]) {
      const started = project.start(...command);
      const killed = wait(after).then(() => started.child.kill('SIGKILL'));
      await started.ended;
      await killed;
    }
    const called = await project.ferrule(...command);
    expect(called.status, called.stderr).toBe(0);
    const { trials, status } = resultOf(called);
    expect(status).toBe('succeeded');
    expect(trials.map(({ trial }) => trial).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(trials.every((trial) => trial.status === 'succeeded' && trial.runs.length === 1)).toBe(true);
    const runs = JSON.parse((await project.ferrule('runs', '--json', '-n', '100')).stdout) as unknown[];
    expect(runs).toHaveLength(8);
    // A training that ended is not done again; one whose end nobody saw may be.
    const trained = readFileSync(marks, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('train'));
    expect(new Set(trained).size).toBe(8);
    expect(trained.length).toBeLessThanOrEqual(8 + 5);
    // What was tried is what an uninterrupted sweep tries.
    const other = makeProject({ 'pipeline.ts': toyPipeline });
    try {
      const whole = resultOf(await other.ferrule(...commandFor('', 1)));
      const settings = (result: Trials): unknown =>
        result.trials
          .toSorted((a, b) => a.trial - b.trial)
          .map((trial) => ('configuration' in trial ? trial.configuration : undefined));
      expect(settings(resultOf(called))).toEqual(settings(whole));
    } finally {
      other.remove();
    }
  });

  it('ends cleanly on Ctrl-C, and goes on by its name', async () => {
    const marks = join(project.folder, 'cancelled.txt');
    const started = project.start(...commandFor(marks, 2));
    await started.said('trial 3 ');
    started.child.kill('SIGINT');
    const called = await started.ended;
    expect(called.status).toBe(130);
    expect(called.stderr).toContain('cancelling');
    const { sweepId, status } = resultOf(called);
    expect(status).toBe('interrupted');
    expect(called.stderr).toContain(`ferrule sweep --resume ${sweepId}`);
    const resumed = await project.ferrule('sweep', '--resume', sweepId.slice(-8), '--json');
    expect(resumed.status, resumed.stderr).toBe(0);
    const after = resultOf(resumed);
    expect(after.trials).toHaveLength(8);
    expect(after.trials.every((trial) => trial.status === 'succeeded')).toBe(true);
    const trained = readFileSync(marks, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('train'));
    expect(trained).toHaveLength(8);
  });

  it('is not gone on with while another process drives it', async () => {
    const marks = join(project.folder, 'driven.txt');
    const started = project.start(...commandFor(marks, 3, 700));
    await started.said('trial 2 ');
    const second = await project.ferrule(...commandFor(marks, 3, 700));
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('FER9106');
    expect((await started.ended).status).toBe(0);
    expect(existsSync(marks)).toBe(true);
  });
});
