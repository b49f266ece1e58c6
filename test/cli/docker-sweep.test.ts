import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dockerEngine } from '../counterparts.ts';
import { toyPipeline } from '../sweep/toy.ts';
import { makeProject } from './project.ts';

const project = makeProject({ 'pipeline.ts': toyPipeline });
afterAll(() => project.remove());

describe.skipIf(dockerEngine === undefined)('ferrule sweep --runner docker', () => {
  it('runs trials in containers, computes once what they share, and has what they report in their logs', async () => {
    const called = await project.ferrule(
      'sweep',
      'pipeline.ts',
      '-s',
      'rate=0.01,0.02,0.0001',
      '--method',
      'grid',
      '-m',
      'score',
      '-j',
      '2',
      '-p',
      'epochs=12',
      '-p',
      'pause=150',
      '--runner',
      'docker',
      '--json',
    );
    expect(called.status, called.stderr).toBe(0);
    const result = JSON.parse(called.stdout) as {
      best: { parameters: object };
      trials: readonly { runs: readonly { runId: string }[] }[];
    };
    expect(result.best.parameters).toMatchObject({ rate: 0.01 });
    const runs = result.trials.flatMap((trial) => trial.runs.map(({ runId }) => runId));
    expect(runs).toHaveLength(3);
    const cached = await Promise.all(
      runs.map(async (runId) => {
        const shown = JSON.parse((await project.ferrule('show', runId, '--json')).stdout) as {
          tasks: readonly { name: string; status: string }[];
        };
        return shown.tasks.find(({ name }) => name === 'prepare')?.status;
      }),
    );
    expect(cached.filter((status) => status === 'cached')).toHaveLength(2);
    expect(cached).toContain('succeeded');
    const log = join(
      project.folder,
      '.ferrule',
      'root',
      'runs',
      runs[0] ?? '',
      'tasks',
      'train',
      '1',
      'log.txt',
    );
    expect(readFileSync(log, 'utf8')).toContain('ferrule-report {"step":12');
  });
});
