/** Settings of the Kubernetes runner: what cluster.yaml may say, and what the command line adds. */
import * as z from 'zod';
import { UserError } from '../../errors/index.ts';

const texts = z.record(z.string(), z.string());
const seconds = z.number().int().nonnegative();
/** A name as Kubernetes takes it for most objects. */
const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be lower-case letters, digits, dots and dashes');
const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of an environment variable');

const toleration = z.strictObject({
  key: z.string().exactOptional(),
  operator: z.enum(['Exists', 'Equal']).exactOptional(),
  value: z.string().exactOptional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).exactOptional(),
  tolerationSeconds: seconds.exactOptional(),
});

/** What cluster.yaml may hold. Every field may be left out. */
const clusterConfigSchema = z.strictObject({
  /** Context of the kubeconfig. @default its current one */
  context: z.string().exactOptional(),
  /** @default that of the context, else `default` */
  namespace: name.exactOptional(),
  /** Service account of task pods; its token is mounted only where one is named here. */
  serviceAccount: name.exactOptional(),
  /** Service account of the driver of detached runs. */
  driverServiceAccount: name.exactOptional(),
  /** Secrets with the credentials of image registries. */
  imagePullSecrets: z.array(name).exactOptional(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).exactOptional(),
  /** Image that brings inputs to other people's images and keeps their outputs. */
  runtimeImage: z.string().exactOptional(),
  /** Secret whose keys become variables of all containers that reach the object store. */
  storeSecret: name.exactOptional(),
  /** Variables of all containers that reach the object store. */
  env: z.record(envName, z.string()).exactOptional(),
  /** Where the secrets are that components name in `secretEnv`, by variable. */
  secrets: z.record(envName, z.strictObject({ secret: name, key: z.string() })).exactOptional(),
  /** Kueue's local queue. */
  queue: name.exactOptional(),
  priorityClass: name.exactOptional(),
  /** Seconds that a finished Job stays to be looked at. @default 300 */
  ttlSecondsAfterFinished: seconds.exactOptional(),
  nodeSelector: texts.exactOptional(),
  tolerations: z.array(toleration).exactOptional(),
  /** Labels of every Job and pod. */
  labels: texts.exactOptional(),
  /** Annotations of every Job and pod. */
  annotations: texts.exactOptional(),
  /** @default true */
  readOnlyRootFilesystem: z.boolean().exactOptional(),
  /** User and group that task pods run as. @default 1000 */
  runAsUser: seconds.exactOptional(),
  /** Seconds that a task may wait for a place on a node before it fails. @default no limit */
  waitingTimeout: seconds.exactOptional(),
  /** Seconds that an image, secret, config map or volume may be missing before a task fails. @default 120 */
  setupTimeout: seconds.exactOptional(),
  /** Seconds between the wish that a pod ends and its end by force. @default 10 */
  gracePeriod: seconds.exactOptional(),
});

export type ClusterConfig = z.infer<typeof clusterConfigSchema>;

/**
 * Checks what a cluster.yaml holds.
 * @param file named in the error
 * @throws UserError FER6055 with every field that is wrong
 */
export function readClusterConfig(value: unknown, file: string): ClusterConfig {
  const parsed = clusterConfigSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new UserError('FER6055', {
    problem: `${file} does not read: ${wrong.join('; ')}`,
    fix: 'the fields are listed in docs/kubernetes-runner.md',
  });
}

/** An object that owns the Jobs: they go when it goes. */
export interface Owner {
  /** Name of a Job in the same namespace. */
  readonly name: string;
  readonly uid: string;
}

export interface KubernetesRunnerOptions extends ClusterConfig {
  /** URI of the pipeline root, as pods see it: `gs://...` or `s3://...`. */
  readonly root: string;
  /** The Job of the driver, where that runs in the cluster. */
  readonly owner?: Owner;
  /** A kubeconfig. @default as kubectl finds it: KUBECONFIG, ~/.kube/config, the pod's service account */
  readonly kubeconfig?: string;
  /** User agent and field manager. @default ferrule */
  readonly client?: string;
}

/** What the manifest of a Job is made with. */
export interface JobOptions {
  readonly root: string;
  readonly namespace: string;
  readonly owner?: Owner;
  readonly serviceAccount?: string;
  readonly imagePullSecrets: readonly string[];
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly runtimeImage?: string;
  readonly storeSecret?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, { readonly secret: string; readonly key: string }>>;
  readonly queue?: string;
  readonly priorityClass?: string;
  readonly ttlSecondsAfterFinished: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: NonNullable<ClusterConfig['tolerations']>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly readOnlyRootFilesystem: boolean;
  readonly runAsUser: number;
  readonly gracePeriod: number;
}

/** Fills in what was left out. */
export function jobOptions(options: KubernetesRunnerOptions, namespace: string): JobOptions {
  const { owner, serviceAccount, imagePullPolicy, runtimeImage, storeSecret, queue, priorityClass } = options;
  return {
    root: options.root,
    namespace,
    ...(owner && { owner }),
    ...(serviceAccount !== undefined && { serviceAccount }),
    imagePullSecrets: options.imagePullSecrets ?? [],
    ...(imagePullPolicy && { imagePullPolicy }),
    ...(runtimeImage !== undefined && { runtimeImage }),
    ...(storeSecret !== undefined && { storeSecret }),
    env: options.env ?? {},
    secrets: options.secrets ?? {},
    ...(queue !== undefined && { queue }),
    ...(priorityClass !== undefined && { priorityClass }),
    ttlSecondsAfterFinished: options.ttlSecondsAfterFinished ?? 300,
    nodeSelector: options.nodeSelector ?? {},
    tolerations: options.tolerations ?? [],
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    readOnlyRootFilesystem: options.readOnlyRootFilesystem ?? true,
    runAsUser: options.runAsUser ?? 1000,
    gracePeriod: options.gracePeriod ?? 10,
  };
}
