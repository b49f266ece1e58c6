/** The Job that drives a detached run: one small pod, replaced wherever its node goes. */
import type { V1EnvVar, V1Job, V1JobSpec, V1ObjectMeta } from '@kubernetes/client-node';
import { plainEnv, withoutRepeats } from '../environment.ts';
import { labelValue, marks } from '../api/label-value.ts';
import { jobOptions, type ClusterConfig } from '../options.ts';
import { containerSecurity, podSecurity } from '../security.ts';

/** Variables by which a driver in a pod learns what it is. */
const driverVariables = {
  /** The settings of the cluster, as JSON: what cluster.yaml and the command line said where the run was started. */
  config: 'FERRULE_CLUSTER',
  /** Name and uid of its own Job, which will own the Jobs of the tasks. */
  jobName: 'FERRULE_DRIVER_JOB',
  jobUid: 'FERRULE_DRIVER_JOB_UID',
} as const;

/** The exit statuses of a driver in a pod, which decide whether its Job starts another. */
export const driverStatus = {
  /** The run has its end, and is a success. */
  succeeded: 0,
  /** The run failed, or cannot be driven: starting again would change nothing. */
  failed: 1,
  /** The run was cancelled. */
  cancelled: 130,
  /** Something outside was wrong: starting again may help. */
  trouble: 75,
  /** The pod was asked to leave: another goes on. */
  released: 143,
} as const;

/** The service account of drivers, where nobody names another. */
export const defaultAccount = 'ferrule-driver';

/** What every driver is made with, whoever starts its Job. */
export interface DriverSettings {
  readonly pipeline: string;
  /** URI of the pipeline root, as pods see it. */
  readonly root: string;
  readonly namespace: string;
  readonly config: ClusterConfig;
  /** The runtime image. */
  readonly image: string;
  readonly concurrency: number;
}

export interface DriverRequest extends DriverSettings {
  readonly runId: string;
  /** Sets a second driver of one run apart from the first. @default none */
  readonly suffix?: string;
}

/** Seconds that a finished driver stays to be looked at: its log is the run's progress. */
const keptFor = 24 * 3600;

/** How often a driver that died is started again, with growing pauses. Leaving a drained node does not count. */
const restarts = 6;

/** Names the Job of a run's driver. */
function driverName(runId: string, suffix?: string): string {
  const name = labelValue(`driver-${runId}${suffix === undefined ? '' : `-${suffix}`}`);
  return name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
}

/** Makes the driver's Job. */
export function driverJob(request: DriverRequest): V1Job {
  const { runId, pipeline, namespace, config, suffix } = request;
  const metadata = {
    labels: {
      ...config.labels,
      [marks.managedBy]: 'ferrule',
      [marks.run]: labelValue(runId),
      [marks.pipeline]: labelValue(pipeline),
      [marks.role]: 'driver',
    },
    annotations: { ...config.annotations, [marks.run]: runId, [marks.pipeline]: pipeline },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...metadata, name: driverName(runId, suffix), namespace },
    spec: driverSpec(request, metadata, ['resume', runId]),
  };
}

/**
 * Makes what a Job of a driver is to do.
 * @param metadata labels and annotations of its pod
 * @param command the command of ours that it calls, with its arguments
 */
export function driverSpec(
  { root, namespace, config, image, concurrency }: DriverSettings,
  metadata: V1ObjectMeta,
  command: readonly string[],
): V1JobSpec {
  const options = jobOptions({ ...config, root }, namespace);
  return {
    backoffLimit: restarts,
    completions: 1,
    parallelism: 1,
    ttlSecondsAfterFinished: keptFor,
    podFailurePolicy: {
      rules: [
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        {
          action: 'FailJob',
          onExitCodes: {
            containerName: 'driver',
            operator: 'In',
            values: [driverStatus.failed, driverStatus.cancelled],
          },
        },
      ],
    },
    template: {
      metadata,
      spec: {
        restartPolicy: 'Never',
        serviceAccountName: config.driverServiceAccount ?? defaultAccount,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 30,
        ...(options.imagePullSecrets.length > 0 && {
          imagePullSecrets: options.imagePullSecrets.map((name) => ({ name })),
        }),
        ...(options.tolerations.length > 0 && { tolerations: options.tolerations }),
        securityContext: podSecurity(options, {}),
        containers: [
          {
            name: 'driver',
            image,
            ...(options.imagePullPolicy && { imagePullPolicy: options.imagePullPolicy }),
            command: ['node', '/ferrule/ferrule.mjs'],
            args: [
              ...command,
              '--root',
              root,
              '--runner',
              'kubernetes',
              '--in-cluster',
              '--concurrency',
              `${concurrency}`,
            ],
            workingDir: '/tmp',
            env: driverEnv(config),
            ...(options.storeSecret !== undefined && {
              envFrom: [{ secretRef: { name: options.storeSecret } }],
            }),
            resources: {
              requests: { cpu: '100m', memory: '256Mi' },
              limits: { cpu: '1', memory: '1Gi' },
            },
            securityContext: containerSecurity(options),
            terminationMessagePolicy: 'FallbackToLogsOnError',
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  };
}

function driverEnv(config: ClusterConfig): V1EnvVar[] {
  // A context names something on the machine that the run was started on.
  const { context: _, ...rest } = config;
  const label = (name: string, of: string): V1EnvVar => ({
    name,
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['batch.kubernetes.io/${of}']` } },
  });
  return withoutRepeats([
    ...plainEnv({ HOME: '/tmp', NO_COLOR: '1' }),
    ...plainEnv(config.env ?? {}),
    ...plainEnv({ [driverVariables.config]: JSON.stringify(rest) }),
    label(driverVariables.jobName, 'job-name'),
    label(driverVariables.jobUid, 'controller-uid'),
  ]);
}
