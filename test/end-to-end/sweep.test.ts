/** A sweep whose trials are Jobs of a cluster, under a root in a bucket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, gcsServer, kubeconfig, registry } from '../counterparts.ts';
import { toyPipeline } from '../sweep/toy.ts';
import { openClusterProject, type ClusterProject } from './cluster-project.ts';

const ready = [kubeconfig, dockerEngine, registry, gcsServer].every((one) => one !== undefined);
const pipeline = toyPipeline.replaceAll('component({}', `component({ image: '${registry}/sweep/toy:1' }`);

interface Result {
  readonly sweepId: string;
  readonly trials: readonly {
    readonly status: string;
    readonly runs: readonly { readonly runId: string }[];
  }[];
}

describe.skipIf(!ready)('ferrule sweep --runner kubernetes', () => {
  let project: ClusterProject;
  const root = (): string => `gs://${project.namespace.name}/sweeps`;
  beforeAll(async () => {
    project = await openClusterProject('sweep', pipeline);
    const built = await project.project.call('build', '--push');
    if (built.status !== 0) throw new Error(built.stderr);
  });
  afterAll(() => project?.close());

  it('is killed, goes on from another folder, and has run once what its trials share', async () => {
    const begun = project.project.begin(
      'sweep',
      'pipeline.ts',
      '-s',
      'rate=0.01,0.02,0.03',
      '--method',
      'grid',
      '-m',
      'score',
      '-j',
      '3',
      '-p',
      'epochs=20',
      '-p',
      'pause=500',
      '--runner',
      'kubernetes',
      '--root',
      root(),
    );
    await new Promise((done) => setTimeout(done, 14_000));
    await begun.kill();
    const machine = await project.elsewhere();
    const listed = JSON.parse(
      (await machine.call('sweep', '--list', '--root', root(), '--json')).stdout,
    ) as Result[];
    const resumed = await machine.call(
      'sweep',
      '--resume',
      listed[0]?.sweepId ?? '',
      '--root',
      root(),
      '--json',
    );
    expect(resumed.status, resumed.stderr).toBe(0);
    const { trials } = JSON.parse(resumed.stdout) as Result;
    expect(trials.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    const prepared = await Promise.all(
      trials.map(async ({ runs }) => {
        const shown = await machine.call('show', runs[0]?.runId ?? '', '--root', root(), '--json');
        const { tasks } = JSON.parse(shown.stdout) as { tasks: readonly { name: string; status: string }[] };
        return tasks.find(({ name }) => name === 'prepare')?.status;
      }),
    );
    expect(prepared.filter((status) => status === 'cached')).toHaveLength(2);
    expect(prepared).toContain('succeeded');
  }, 300_000);
});
