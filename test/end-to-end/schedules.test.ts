/** Schedules without a server: a CronJob whose Jobs begin runs, drive them, and take up what an earlier pod began. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyManifests } from '../cluster/apply-manifests.ts';
import { dockerEngine, gcsServer, kubeconfig, registry } from '../counterparts.ts';
import { clusterApis, podsOf, type ClusterApis } from '../runners/kubernetes/cluster.ts';
import { openClusterProject, type ClusterProject } from './cluster-project.ts';

const ready = [kubeconfig, dockerEngine, registry, gcsServer].every((one) => one !== undefined);

const pipeline = `
import { component, int, pipeline, type Int } from 'ferrule';
export const tick = component(
  { image: '${registry}/schedules/work:1' },
  async ({ seconds, due }: { readonly seconds: Int; readonly due: string }): Promise<{ at: string }> => {
    for (let i = 1; i <= seconds; i++) {
      console.log('tick ' + i);
      await new Promise((done) => setTimeout(done, 1000));
    }
    return { at: due };
  },
);
export default pipeline('ticks', { seconds: int(1), due: '[[ScheduledTime]]' }, ({ seconds, due }) => ({
  at: tick({ seconds, due }).outputs.at,
}));
`;

interface Shown {
  readonly status: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

describe.skipIf(!ready)('a schedule in a cluster', () => {
  let project: ClusterProject;
  let apis: ClusterApis;
  let root: string;

  const ferrule = async (...args: readonly string[]): Promise<string> => {
    const called = await project.project.call(...args);
    if (called.status !== 0) throw new Error(`${args.join(' ')}: ${called.stderr}`);
    return called.stdout;
  };
  const schedule = (command: string, ...args: readonly string[]): Promise<string> =>
    ferrule('schedule', command, ...args, '--backend', 'kubernetes', '--root', root);
  const runs = async (): Promise<
    readonly { readonly id: string; readonly name: string; readonly status: string }[]
  > =>
    JSON.parse(await schedule('runs', 'ticks', '--json')) as { id: string; name: string; status: string }[];
  const jobs = async () =>
    (
      await apis.batch.listNamespacedJob({
        namespace: project.namespace.name,
        labelSelector: 'ferrule.dev/schedule=ticks',
      })
    ).items;
  const until = async <T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> => {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end; await wait(500)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error(`${what} did not come`);
  };

  const startByHand = async (name: string): Promise<void> => {
    const at = { namespace: project.namespace.name };
    const { spec } = await apis.batch.readNamespacedCronJob({ name: 'ticks', ...at });
    const { metadata, spec: job } = spec?.jobTemplate ?? {};
    if (job === undefined) throw new Error('the CronJob is gone');
    const { labels = {}, annotations = {} } = metadata ?? {};
    await apis.batch.createNamespacedJob({
      ...at,
      body: { metadata: { name, labels, annotations }, spec: job },
    });
  };
  const finished = (name: string): Promise<unknown> =>
    until(`the end of ${name}`, 120, async () => {
      const job = await apis.batch.readNamespacedJob({ name, namespace: project.namespace.name });
      return job.status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed');
    });

  beforeAll(async () => {
    const image = `${registry}/schedules/ferrule:1`;
    project = await openClusterProject('schedules', pipeline, { FERRULE_IMAGE: image });
    apis = await clusterApis();
    root = `gs://${project.namespace.name}/root`;
    for (const what of [[], ['--runtime']]) await ferrule('build', ...what, '--push');
    await applyManifests(await ferrule('cluster', 'manifests'));
  }, 300_000);
  afterAll(() => project.close());

  it('starts one run each time, which a Job that is tried again takes up', async () => {
    const made = JSON.parse(
      await schedule('create', 'pipeline.ts', '--cron', '* * * * *', '-p', 'seconds=25', '--json'),
    ) as { id: string; next: string[] };
    expect(made.id).toBe('ticks');
    const [job] = await until('a Job', 75, async () => ((await jobs()).length > 0 ? jobs() : undefined));
    await schedule('pause', 'ticks');
    const due = job?.metadata?.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'] ?? '';
    expect(made.next).toContain(new Date(due).toISOString());
    const [run] = await until('a run', 60, async () => ((await runs()).length > 0 ? runs() : undefined));
    const digits = new Date(due).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    expect(run?.id).toMatch(new RegExp(`^${digits}-[\\da-f]{8}$`));
    const id = run?.id ?? '';
    await until('a line', 60, async () =>
      (await ferrule('logs', id, 'tick', '--root', root)) === '' ? undefined : true,
    );

    const name = job?.metadata?.name ?? '';
    const [pod = ''] = await podsOf(apis, project.namespace.name, name);
    await apis.core.deleteNamespacedPod({
      name: pod,
      namespace: project.namespace.name,
      gracePeriodSeconds: 0,
    });
    const shown = await until('the end', 150, async () => {
      const state = JSON.parse(await ferrule('show', id, '--json', '--root', root)) as Shown;
      return ['succeeded', 'failed', 'cancelled'].includes(state.status) ? state : undefined;
    });
    expect(shown).toMatchObject({ status: 'succeeded', outputs: { at: digits.replace('-', '') } });
    expect(await runs()).toMatchObject([{ id, status: 'succeeded' }]);
    const ticks = Array.from({ length: 25 }, (_, index) => `tick ${index + 1}\n`).join('');
    expect(await ferrule('logs', id, 'tick', '--root', root)).toBe(ticks);
    expect((await ferrule('runs', '--root', root)).split('\n')[1]).toMatch(/^\S+ +ticks +succeeded/);
    expect(await schedule('show', 'ticks')).toMatch(/status +paused\n.*times +\* \* \* \* \*\n/);
  }, 360_000);

  it('leaves out what is due while as many go on as there may be, and runs what a person starts out of turn', async () => {
    await startByHand('by-hand');
    await until('a second run', 60, async () => ((await runs()).length === 2 ? true : undefined));
    await wait(1100);
    await startByHand('by-hand-too');
    expect(await finished('by-hand-too')).toMatchObject({ type: 'Complete' });
    expect(await runs()).toHaveLength(2);
    expect(await finished('by-hand')).toMatchObject({ type: 'Complete' });
  }, 300_000);

  it('says what keeps its last run from beginning', async () => {
    const { objects } = await project.rootAt('root');
    for (const name of await objects.names('schedules')) await objects.remove(`schedules/${name}`);
    await startByHand('without-pipeline');
    expect(await finished('without-pipeline')).toMatchObject({ type: 'Failed' });
    expect(await schedule('show', 'ticks')).toMatch(
      /error +its last run could not begin \(.*exit code 1.*\): kubectl logs -n \S+ job\/without-pipeline\n/,
    );
    const [pod = ''] = await podsOf(apis, project.namespace.name, 'without-pipeline');
    const log = await apis.core.readNamespacedPodLog({ name: pod, namespace: project.namespace.name });
    expect(log).toContain('FER8016  there is no pipeline of this schedule');
    expect(await runs()).toHaveLength(2);
  }, 120_000);

  it('is removed, and its runs stay; what it ran is kept no longer', async () => {
    await schedule('delete', 'ticks');
    expect(await schedule('list')).toBe('no schedule\n');
    expect(JSON.parse(await ferrule('runs', '--json', '--root', root))).toHaveLength(2);
    expect(await jobs()).not.toHaveLength(0);
    expect(await (await project.rootAt('root')).objects.names('schedules')).toEqual([]);
  }, 60_000);
});
