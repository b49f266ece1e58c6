import { describe, expect, it } from 'vitest';
import { driverJob, type DriverRequest } from '../../runners/kubernetes/driver/driver-job.ts';

const request: DriverRequest = {
  runId: '20260317-094501-3fa2',
  pipeline: 'weather',
  root: 'gs://bucket/root',
  namespace: 'ml',
  config: {
    context: 'my-laptop-calls-it-so',
    storeSecret: 'bucket',
    env: { AWS_ENDPOINT_URL_S3: 'https://$(HOST)' },
    queue: 'gpus',
    nodeSelector: { pool: 'gpus' },
    imagePullSecrets: ['registry'],
  },
  image: 'registry/ferrule:1',
  concurrency: 7,
};

describe('the Job of a driver', () => {
  const job = driverJob(request);
  const pod = job.spec?.template.spec;
  const [driver] = pod?.containers ?? [];

  it('goes on with the run by its name and root alone', () => {
    expect([...(driver?.command ?? []), ...(driver?.args ?? [])]).toEqual([
      'node', '/ferrule/ferrule.mjs', 'resume', '20260317-094501-3fa2', '--root', 'gs://bucket/root',
      '--runner', 'kubernetes', '--in-cluster', '--concurrency', '7',
    ]); // prettier-ignore
    expect(job.metadata).toMatchObject({ name: 'driver-20260317-094501-3fa2', namespace: 'ml' });
  });

  it('is started again where it died or its node went, not where its run failed or was cancelled', () => {
    expect(job.spec?.podFailurePolicy?.rules).toEqual([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailJob', onExitCodes: { containerName: 'driver', operator: 'In', values: [1, 130] } },
    ]);
    expect(job.spec).toMatchObject({ backoffLimit: 6, completions: 1, parallelism: 1 });
    expect(pod?.restartPolicy).toBe('Never');
  });

  it('takes the settings of the cluster along, but for what names something of this machine', () => {
    const given = driver?.env?.find(({ name }) => name === 'FERRULE_CLUSTER')?.value ?? '';
    const { context: _, ...rest } = request.config;
    expect(JSON.parse(given.replaceAll('$$(', '$('))).toEqual(rest);
    expect(driver?.env).toContainEqual({ name: 'AWS_ENDPOINT_URL_S3', value: 'https://$$(HOST)' });
    expect(driver?.envFrom).toEqual([{ secretRef: { name: 'bucket' } }]);
  });

  it('learns its own name and uid, by which it owns the Jobs of its tasks', () => {
    expect(driver?.env).toContainEqual({
      name: 'FERRULE_DRIVER_JOB_UID',
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']" } },
    });
  });

  it('waits in no queue, and on no node with a GPU: it waits for those that do', () => {
    expect(job.spec?.suspend).toBeUndefined();
    expect(JSON.stringify(job.metadata?.labels)).not.toContain('kueue');
    expect(pod?.nodeSelector).toBeUndefined();
  });

  it('is no attempt of the run', () => {
    expect(job.metadata?.labels).toMatchObject({ 'ferrule.dev/run': '20260317-094501-3fa2' });
    expect(job.metadata?.labels).not.toHaveProperty('ferrule.dev/attempt');
  });

  it('may do no more than the restricted level of Pod Security lets it', () => {
    expect(pod?.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(driver?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    expect(pod?.serviceAccountName).toBe('ferrule-driver');
  });
});
