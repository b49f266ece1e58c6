/** Drivers that die while their runs go on in a cluster, and whoever goes on with them from somewhere else. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, type RunEvent } from '../../engine/index.ts';
import type { Root } from '../../stores/index.ts';
import {
  isOurs,
  loseNode,
  realNodes,
  restartApiServer,
  returnNode,
  type RealNode,
} from '../cluster/control.ts';
import { dockerEngine, gcsServer, kubeconfig, registry } from '../counterparts.ts';
import { clusterApis, type ClusterApis } from '../runners/kubernetes/cluster.ts';
import { openClusterProject, type Called, type ClusterProject } from './cluster-project.ts';
import { jobsOfRun, quietJobs, watchPods, type WatchedPods } from './watched-pods.ts';

const counterparts = [kubeconfig, dockerEngine, registry, gcsServer];
const ready = counterparts.every((one) => one !== undefined) && isOurs();

const pipeline = `
import { component, int, pipeline, TaskError, type Dataset, type Int } from 'ferrule';
import { readFileSync, writeFileSync } from 'node:fs';
interface Out { readonly data: Dataset }
interface In { readonly before?: Dataset; readonly seconds?: Int }
const work = async (name: string, { before, seconds = 0 }: In, out: Out) => {
  console.log(name + ' begins');
  for (let tick = 1; tick <= seconds * 4; tick++) {
    await new Promise((done) => setTimeout(done, 250));
    console.log(name + ' tick ' + tick);
  }
  writeFileSync(out.data.path, (before === undefined ? '' : readFileSync(before.path, 'utf8') + '>') + name);
  console.log(name + ' ends');
};
const image = '${registry}/kill/work:1';
export const head = component({ image }, async ({ seconds }: In, out: Out) => {
  await work('head', { seconds }, out);
});
export const flaky = component({ image }, async ({ before }: In, out: Out) => {
  if (/.flaky.1./.test(out.data.uri)) throw new TaskError('the first one always fails', { retryable: true });
  await work('flaky', { before }, out);
});
export const tail = component({ image }, async ({ before }: In, out: Out) => {
  await work('tail', { before }, out);
});
export const slow = component({ image }, async ({ seconds }: In, out: Out) => {
  await work('slow', { seconds }, out);
});
export const after = component({ image }, async ({ before }: In, out: Out): Promise<{ text: string }> => {
  await work('after', { before }, out);
  return { text: readFileSync(out.data.path, 'utf8') };
});
export default pipeline('two-chains', { seconds: int(3) }, ({ seconds }) => {
  const first = head({ seconds: 0 });
  const second = flaky({ before: first.outputs.data }, { retry: { maxAttempts: 3 } });
  const third = tail({ before: second.outputs.data });
  const long = slow({ seconds });
  const last = after({ before: long.outputs.data });
  return { chain: third.outputs.data, text: last.outputs.text };
});
`;
const tasks = ['head', 'flaky', 'tail', 'slow', 'after'];

describe.skipIf(!ready)('a run on Kubernetes whose driver dies', () => {
  let project: ClusterProject;
  let apis: ClusterApis;
  let pods: WatchedPods;
  beforeAll(async () => {
    project = await openClusterProject('kill', pipeline);
    apis = await clusterApis();
    pods = watchPods(apis, project.namespace.name);
    const built = await project.project.call('build', '--push');
    if (built.status !== 0) throw new Error(built.stderr);
  }, 300_000);
  afterAll(async () => {
    pods.stop();
    await project.close();
  });

  const start = (root: Root, ...more: readonly string[]) =>
    project.project.begin(
      'run',
      'pipeline.ts',
      '--runner',
      'kubernetes',
      '--root',
      root.uri,
      '--no-cache',
      '--json',
      ...more,
    );
  const runOf = async (root: Root): Promise<string> => {
    for (;;) {
      const [run] = await root.objects.names('runs');
      if (run !== undefined) return run;
      await wait(20);
    }
  };
  /** Waits until the log of a run has so many entries, or its driver has ended. */
  const entries = async (root: Root, runId: string, count: number, ended: () => boolean): Promise<void> => {
    while (!ended() && (await root.objects.names(`runs/${runId}/log`)).length < count) await wait(10);
  };
  const happened = async (
    root: Root,
    runId: string,
    what: (events: readonly RunEvent[]) => boolean,
  ): Promise<void> => {
    while (!what(await eventsOf(root.runs.log(runId)))) await wait(50);
  };
  const resume = async (root: Root, runId: string, ...more: readonly string[]): Promise<Called> => {
    const machine = await project.elsewhere();
    return machine.call('resume', runId, '--runner', 'kubernetes', '--root', root.uri, '--json', ...more);
  };

  /** What holds of every run that came to its end, whatever happened to its drivers. */
  const holds = async (root: Root, runId: string): Promise<readonly RunEvent[]> => {
    const events = await eventsOf(root.runs.log(runId));
    const seen = pods.count(runId);
    for (const task of tasks) {
      const of = events.filter((event) => 'task' in event && event.task === task);
      expect(
        of.filter(({ kind }) => kind === 'task-succeeded'),
        task,
      ).toHaveLength(1);
      const started = of.filter(({ kind }) => kind === 'attempt-started').length;
      expect(seen[task] ?? 0, `pods of ${task}`).toBeLessThanOrEqual(started);
      const ends = of.flatMap((event) => (event.kind === 'attempt-ended' ? [event] : []));
      expect(ends.map(({ attempt }) => attempt)).toEqual(Array.from({ length: started }, (_, i) => i + 1));
      const failed = ends.filter(({ outcome }) => outcome === 'failed');
      expect(failed.length, `failures of ${task}`).toBe(
        task === 'flaky' && ends[0]?.outcome === 'failed' ? 1 : 0,
      );
      const last = ends.at(-1);
      expect(last?.outcome).toBe('succeeded');
      const succeeded = of.flatMap((event) => (event.kind === 'task-succeeded' ? [event] : []))[0];
      const [record] = succeeded?.outputs.artifacts['data'] ?? [];
      expect(record?.uri).toBe(`runs/${runId}/tasks/${task}/${last?.attempt}/data`);
    }
    expect(await quietJobs(apis, project.namespace.name, runId)).toEqual([]);
    return events;
  };
  const outputsHold = async (root: Root, called: Called): Promise<void> => {
    const result = JSON.parse(called.stdout) as {
      readonly status: string;
      readonly outputs: { readonly text: string; readonly chain: { readonly uri: string } };
    };
    expect(result).toMatchObject({ status: 'succeeded', outputs: { text: 'slow>after' } });
    const key = result.outputs.chain.uri.slice(`${root.uri}/`.length);
    expect((await root.objects.read(key))?.content).toBe('head>flaky>tail');
  };
  /** Each line of each task's last attempt, once. */
  const logsHold = async (
    root: Root,
    events: readonly RunEvent[],
    runId: string,
    seconds = 3,
  ): Promise<void> => {
    for (const task of tasks) {
      const number = events.filter((event) => event.kind === 'attempt-started' && event.task === task).length;
      const ticks = Array.from(
        { length: task === 'slow' ? seconds * 4 : 0 },
        (_, i) => `${task} tick ${i + 1}\n`,
      );
      const whole = [`${task} begins\n`, ...ticks, `${task} ends\n`].join('');
      expect(await root.readLog({ runId, task, number }), `log of ${task}`).toBe(whole);
    }
  };
  const nameOf = ({ task, attempt }: { readonly task: string; readonly attempt: number }): string =>
    `attempt ${attempt} of ${task}`;
  const runningAttempts = (events: readonly RunEvent[]): readonly string[] =>
    events.flatMap((event) => (event.kind === 'attempt-running' ? [nameOf(event)] : []));
  const lostAttempts = (events: readonly RunEvent[]): readonly string[] =>
    events.flatMap((event) =>
      event.kind === 'attempt-ended' && event.outcome === 'lost' ? [nameOf(event)] : [],
    );

  const between = {
    'nothing happens': async () => undefined,
    'its pods are deleted': async (runId: string) => {
      const { items } = await apis.core.listNamespacedPod({
        namespace: project.namespace.name,
        labelSelector: `ferrule.dev/run=${runId}`,
      });
      for (const { metadata, status } of items)
        if (status?.phase === 'Running')
          await apis.core
            .deleteNamespacedPod({
              namespace: project.namespace.name,
              name: metadata?.name ?? '',
              gracePeriodSeconds: 0,
            })
            .catch(() => undefined);
    },
    'its pods end': async (runId: string) => {
      await quietJobs(apis, project.namespace.name, runId);
    },
    'its Jobs end and are collected': async (runId: string) => {
      await quietJobs(apis, project.namespace.name, runId);
      for (const { metadata } of await jobsOfRun(apis, project.namespace.name, runId))
        await apis.batch.deleteNamespacedJob({
          namespace: project.namespace.name,
          name: metadata?.name ?? '',
          propagationPolicy: 'Foreground',
        });
    },
    'the API server is started again': async () => restartApiServer(),
  } as const;
  type Between = keyof typeof between;

  const points: readonly (readonly [number, Between])[] = [
    [1, 'nothing happens'],
    [2, 'its pods end'],
    [3, 'its pods are deleted'],
    [5, 'its Jobs end and are collected'],
    [6, 'its pods are deleted'],
    [8, 'nothing happens'],
    [9, 'the API server is started again'],
    [10, 'its Jobs end and are collected'],
    [12, 'nothing happens'],
    [14, 'its pods end'],
  ];

  it.concurrent.each(points)(
    'is resumed elsewhere: killed at entry %i, then %s',
    async (count, what) => {
      const root = await project.rootAt(`${count}`);
      const first = start(root);
      const runId = await runOf(root);
      await entries(root, runId, count, () => first.child.exitCode !== null);
      await first.kill();
      const ran = runningAttempts(await eventsOf(root.runs.log(runId)));
      await between[what](runId);
      const resumed = await resume(root, runId);
      expect(resumed.status, resumed.stderr).toBe(0);
      await outputsHold(root, resumed);
      const events = await holds(root, runId);
      const keepsPods = what !== 'its pods are deleted' && what !== 'its Jobs end and are collected';
      const lost = what === 'its pods are deleted' ? [] : lostAttempts(events);
      // What ran goes on, or has its result: it is not done again.
      expect(lost.filter((attempt) => ran.includes(attempt))).toEqual([]);
      // The log of a pod that is gone can be read no more.
      if (keepsPods) await logsHold(root, events, runId);
    },
    120_000,
  );

  const runsSlow = (events: readonly RunEvent[]): boolean =>
    events.some((event) => event.kind === 'attempt-running' && event.task === 'slow');
  const nodeOf = (events: readonly RunEvent[]): RealNode => {
    const on = events.flatMap((event) =>
      event.kind === 'attempt-running' && event.task === 'slow' ? [event.on] : [],
    )[0];
    const node = realNodes.find((name) => name === on);
    if (node === undefined) throw new Error(`slow runs on ${on}`);
    return node;
  };

  it('is resumed elsewhere where a node went away with it', async () => {
    const root = await project.rootAt('node');
    const first = start(root, '-p', 'seconds=6');
    const runId = await runOf(root);
    await happened(root, runId, runsSlow);
    await first.kill();
    const node = nodeOf(await eventsOf(root.runs.log(runId)));
    await loseNode(node);
    let resumed: Called;
    try {
      await wait(10_000);
      const resuming = resume(root, runId);
      await wait(10_000);
      await returnNode(node);
      resumed = await resuming;
    } finally {
      await returnNode(node);
    }
    expect(resumed.status, resumed.stderr).toBe(0);
    await outputsHold(root, resumed);
    await holds(root, runId);
  }, 180_000);

  it('is taken over from a driver that lives, which stops and leaves alone what runs', async () => {
    const root = await project.rootAt('two');
    // Two more commands start while it runs, which takes ten seconds and more each on a busy machine.
    const first = start(root, '-p', 'seconds=50');
    const runId = await runOf(root);
    await happened(root, runId, runsSlow);
    const refused = await resume(root, runId);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('FER1005');
    const second = resume(root, runId, '--force');
    const stopped = await first.ended;
    expect(stopped.status).toBe(1);
    expect(stopped.stderr).toMatch(/FER4005 .*another driver took the run .* over/);
    await outputsHold(root, await second);
    const events = await holds(root, runId);
    await logsHold(root, events, runId, 50);
    for (const task of tasks)
      expect(pods.count(runId)[task]).toBe(
        events.filter((event) => event.kind === 'attempt-started' && event.task === task).length,
      );
    expect(events.filter((event) => event.kind === 'attempt-started' && event.task === 'slow')).toHaveLength(
      1,
    );
  }, 120_000);

  it('is cancelled by Ctrl-C with all that runs, and goes on when it is resumed', async () => {
    const root = await project.rootAt('cancelled');
    const first = start(root, '-p', 'seconds=8');
    const runId = await runOf(root);
    await happened(root, runId, runsSlow);
    first.child.kill('SIGINT');
    const cancelled = await first.ended;
    expect(cancelled).toMatchObject({ status: 130 });
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ status: 'cancelled' });
    const namespace = project.namespace.name;
    const { items } = await apis.core.listNamespacedPod({
      namespace,
      labelSelector: `ferrule.dev/run=${runId},ferrule.dev/task=slow`,
    });
    expect(items).toEqual([]);
    expect(await quietJobs(apis, namespace, runId)).toEqual([]);
    const events = await eventsOf(root.runs.log(runId));
    expect(events.at(-1)).toMatchObject({ kind: 'run-ended', status: 'cancelled' });
    await outputsHold(root, await resume(root, runId));
    await logsHold(root, await holds(root, runId), runId, 8);
  }, 120_000);
});
