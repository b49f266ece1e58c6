/** Schedules in a cluster, without a server: CronJobs of a real API server. */
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterSchedules } from '../../cli/schedule/cluster/cluster-schedules.ts';
import type { ScheduleService } from '../../remotes/schedule-ports.ts';
import { cronJob as cronJobFor } from '../../runners/kubernetes/driver/cron-job.ts';
import { openCronJobs } from '../../runners/kubernetes/driver/cron-jobs.ts';
import { kubernetesRunner, manifests } from '../../runners/kubernetes/index.ts';
import type { Root } from '../../stores/index.ts';
import { makeNamespace, testCluster, type TestNamespace } from '../cluster/namespace.ts';
import { gcsServer, kubeconfig } from '../counterparts.ts';
import { scheduleContract } from '../remotes/schedule-contract.ts';
import { templateOf } from '../remotes/templates.ts';
import { clusterApis, type ClusterApis } from './kubernetes/cluster.ts';
import { bucketRoot } from './kubernetes/ground.ts';
import { kubeconfigWith } from './kubernetes/kubeconfig.ts';

const ready = kubeconfig !== undefined && gcsServer !== undefined;

describe.skipIf(!ready)('a cluster', () => {
  let namespace: TestNamespace;
  let apis: ClusterApis;
  let root: Root;
  const image = 'registry.invalid/ferrule:1';

  const open = async (): Promise<ScheduleService> => {
    const config = { namespace: namespace.name, runtimeImage: image };
    const cronJobs = await openCronJobs(config);
    const runner = kubernetesRunner({ ...config, root: root.uri });
    return clusterSchedules({ cronJobs, root, config, runner, concurrency: 7 });
  };
  const run = { compiled: templateOf('greet').compiled, parameters: { text: 'hello' } };
  const cronJob = async (name: string) =>
    apis.batch.readNamespacedCronJob({ name, namespace: namespace.name });

  beforeAll(async () => {
    process.env['KUBECONFIG'] = kubeconfig;
    process.env['FERRULE_GCS_ENDPOINT'] = gcsServer;
    namespace = await makeNamespace('schedules');
    apis = await clusterApis();
    root = await bucketRoot();
  });
  afterAll(() => namespace.remove());

  it('is asked for the account of the driver before anything is made', async () => {
    const schedules = await open();
    await expect(schedules.create({ name: 'early', cron: '0 6 * * *', run })).rejects.toMatchObject({
      code: 'FER1008',
      fix: expect.stringContaining('ferrule cluster manifests'),
    });
    expect(await root.objects.names('schedules')).toEqual([]);
    const objects = KubernetesObjectApi.makeApiClient(await testCluster());
    for (const document of parseAllDocuments(manifests({ namespace: namespace.name }))) {
      const object = document.toJS() as Parameters<typeof objects.create>[0];
      if (object.kind !== 'Namespace') await objects.create(object);
    }
    await schedules.close();
  });

  scheduleContract('a cluster', async () => {
    const schedules = await open();
    return {
      schedules,
      pipelineRoot: root.uri,
      async close() {
        for (const { id } of (await schedules.list()).schedules) await schedules.delete(id);
        const left = await root.objects.names('schedules');
        if (left.length > 0)
          throw new Error(`of schedules that were deleted there is left ${left.join(', ')}`);
        await schedules.close();
      },
    };
  });

  it('gets a CronJob that says all of it, and whose Jobs drive one run each', async () => {
    const schedules = await open();
    await schedules.create({
      name: 'Each morning, in Berlin',
      description: 'says hello',
      cron: '0 6 * * 1-5',
      timeZone: 'Europe/Berlin',
      endAt: '2036-01-01T00:00:00Z',
      catchUp: false,
      run,
    });
    const [schedule] = (await schedules.list()).schedules;
    const id = schedule?.id ?? '';
    expect(id).toMatch(/^each-morning-in-berlin-[\da-f]{8}$/);
    expect(schedule).toMatchObject({
      timeZone: 'Europe/Berlin',
      endAt: '2036-01-01T00:00:00Z',
      maxConcurrent: 1,
    });
    expect(Date.parse(schedule?.nextRunAt ?? '')).toBeGreaterThan(Date.now());
    const { spec, metadata } = await cronJob(id);
    expect(spec).toMatchObject({
      schedule: '0 6 * * 1-5',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      startingDeadlineSeconds: 120,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    const key = metadata?.annotations?.['ferrule.dev/schedule-key'] ?? '';
    const pod = spec?.jobTemplate.spec?.template;
    expect(pod?.spec?.containers[0]?.args?.slice(0, 3)).toEqual(['schedule', 'begin', key]);
    expect(pod?.spec?.containers[0]).toMatchObject({
      image,
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    });
    expect(pod?.spec).toMatchObject({
      serviceAccountName: 'ferrule-driver',
      securityContext: { runAsNonRoot: true },
    });
    expect(pod?.metadata?.labels).toMatchObject({ 'ferrule.dev/schedule': id, 'ferrule.dev/role': 'driver' });
    expect(pod?.metadata?.labels).not.toHaveProperty('ferrule.dev/run');
    expect(await root.objects.names('schedules')).toEqual([`${key}.json`]);
    await schedules.delete(id);
    await schedules.close();
  });

  it('changes what it is told to, and nothing else', async () => {
    const schedules = await open();
    const { id } = await schedules.create({ name: 'nightly', cron: '0 6 * * *', run, enabled: false });
    const before = await cronJob(id);
    const changed = await schedules.update(id, {
      cron: '30 7 * * 1',
      timeZone: 'Asia/Tokyo',
      maxConcurrent: 2,
      endAt: '2036-01-01T00:00:00Z',
      name: 'weekly',
    });
    expect(changed).toMatchObject({
      name: 'weekly',
      status: 'paused',
      cron: '30 7 * * 1',
      timeZone: 'Asia/Tokyo',
      maxConcurrent: 2,
      endAt: '2036-01-01T00:00:00Z',
    });
    const { spec } = await cronJob(id);
    expect(spec).toMatchObject({ concurrencyPolicy: 'Allow', suspend: true });
    expect(spec?.jobTemplate.metadata?.annotations).toMatchObject({
      'ferrule.dev/end-at': '2036-01-01T00:00:00Z',
      'ferrule.dev/max-concurrent': '2',
      'ferrule.dev/schedule-key': before.metadata?.annotations?.['ferrule.dev/schedule-key'],
    });
    expect(spec?.jobTemplate.spec).toEqual(before.spec?.jobTemplate.spec);
    const notBefore = async (): Promise<number> => {
      const marks = (await cronJob(id)).spec?.jobTemplate.metadata?.annotations ?? {};
      return Date.parse(marks['ferrule.dev/not-before'] ?? '');
    };
    // Or what the new expression would have had due this morning would be made up for.
    const changedAt = await notBefore();
    expect(changedAt).toBeGreaterThan(Date.now() - 60_000);
    await schedules.resume(id);
    expect(await notBefore()).toBe(changedAt);
    await schedules.resume(id, false);
    expect(await notBefore()).toBeGreaterThan(changedAt);
    await schedules.update(id, { maxConcurrent: 1, name: 'nightly' });
    expect(await schedules.get(id)).toMatchObject({
      cron: '30 7 * * 1',
      timeZone: 'Asia/Tokyo',
      status: 'active',
    });
    await schedules.delete(id);
    await schedules.close();
  });

  it('is worked with by whoever has the role that the manifests give, and drivers have no part in it', async () => {
    const subject = (name: string) => ({ kind: 'ServiceAccount', name, namespace: namespace.name });
    const at = { namespace: namespace.name };
    await apis.core.createNamespacedServiceAccount({ ...at, body: { metadata: { name: 'ann' } } });
    await apis.rbac.createNamespacedRoleBinding({
      ...at,
      body: {
        metadata: { name: 'ann' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'ferrule-schedules' },
        subjects: [subject('ann')],
      },
    });
    const openAs = async (account: string): Promise<ScheduleService> => {
      const body = { spec: { audiences: [], expirationSeconds: 600 } };
      const token = await apis.core.createNamespacedServiceAccountToken({ ...at, name: account, body });
      process.env['KUBECONFIG'] = await kubeconfigWith({ token: token.status?.token ?? '' });
      return open();
    };
    try {
      const schedules = await openAs('ann');
      const { id } = await schedules.create({ name: 'nightly', cron: '0 6 * * *', run });
      await schedules.pause(id);
      await schedules.update(id, { cron: '0 7 * * *' });
      expect(await schedules.get(id)).toMatchObject({ status: 'paused', cron: '0 7 * * *' });
      expect((await schedules.list()).schedules).toHaveLength(1);
      await schedules.delete(id);
      await schedules.close();
      const asDriver = await openAs('ferrule-driver');
      await expect(asDriver.create({ name: 'nightly', cron: '0 6 * * *', run })).rejects.toMatchObject({
        code: 'FER6043',
        fix: expect.stringContaining('ferrule-schedules'),
      });
      await asDriver.close();
    } finally {
      process.env['KUBECONFIG'] = kubeconfig;
    }
  });

  it('has one schedule of a name, and leaves CronJobs of others alone', async () => {
    const schedules = await open();
    const { id } = await schedules.create({ name: 'nightly', cron: '0 6 * * *', run });
    await expect(schedules.create({ name: 'nightly', cron: '0 7 * * *', run })).rejects.toMatchObject({
      code: 'FER8005',
    });
    expect(await root.objects.names('schedules')).toHaveLength(1);
    await schedules.delete(id);
    const { spec } = {
      spec: {
        schedule: '0 6 * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
        },
      },
    };
    const body = { metadata: { name: 'of-others' }, spec };
    await apis.batch.createNamespacedCronJob({ namespace: namespace.name, body });
    expect((await schedules.list()).schedules).toEqual([]);
    for (const work of [() => schedules.get('of-others'), () => schedules.delete('of-others')])
      await expect(work()).rejects.toMatchObject({ code: 'FER8004' });
    await expect(schedules.create({ name: 'of-others', cron: '0 6 * * *', run })).rejects.toMatchObject({
      code: 'FER8005',
    });
    await schedules.close();
  });

  it('takes a CronJob that it is sent again, after an answer got lost, for the one that it has', async () => {
    const config = { namespace: namespace.name };
    const cronJobs = await openCronJobs(config);
    const made = (key: string) =>
      cronJobFor({
        id: 'sent-twice',
        key,
        pipeline: 'greet',
        root: root.uri,
        image,
        concurrency: 1,
        namespace: namespace.name,
        config,
        cron: '0 6 * * *',
        timeZone: 'Etc/UTC',
        maxConcurrent: 1,
        suspend: true,
        catchUp: true,
        annotations: { 'ferrule.dev/schedule-key': key },
      });
    expect(await cronJobs.create(made('one'))).toBe('created');
    expect(await cronJobs.create(made('one'))).toBe('created');
    expect(await cronJobs.create(made('two'))).toBe('exists');
    await cronJobs.delete('sent-twice');
    cronJobs.close();
  });

  it('is refused what a CronJob cannot say', async () => {
    const schedules = await open();
    const cron = '0 6 * * *';
    const wrong = [
      { interval: 600, run },
      { cron, maxRuns: 3, run },
      { cron, queueing: true, run },
      { cron, maxConcurrent: 0, run },
      { cron, timeZone: 'Europe/Bonn', run },
      { cron, run: { ...run, experiment: 'tests' } },
      { cron, run: { ...run, serviceAccount: 'me' } },
      { cron, run: { ...run, pipelineRoot: 'gs://elsewhere' } },
    ];
    for (const one of wrong)
      await expect(schedules.create({ name: 'never', ...one })).rejects.toMatchObject({ code: 'FER8014' });
    await expect(
      schedules.create({ name: 'never', cron, run: { ...run, parameters: {} } }),
    ).rejects.toMatchObject({
      errors: [expect.objectContaining({ problem: expect.stringContaining('text') })],
    });
    expect((await schedules.list()).schedules).toEqual([]);
    await schedules.close();
  });
});
