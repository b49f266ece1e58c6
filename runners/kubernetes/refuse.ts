/** What a Job cannot express, told before anything starts. */
import type { Failure } from '../../engine/ports.ts';
import { UserError } from '../../errors/index.ts';
import type { ComponentIdentity, ContainerSpec, KubernetesExecutorConfig } from '../../spec/index.ts';
import { claimWork } from './claim.ts';
import { componentContainer, stageIn, stageOut } from './job/containers.ts';
import { executorConfigSchema, type ExecutorConfig } from './job/executor-config.ts';
import type { JobOptions } from './options.ts';

/**
 * Reads the settings of a task.
 * @throws UserError FER6046 naming every field that is unknown or does not read
 */
export function readExecutorConfig(kubernetes: KubernetesExecutorConfig | undefined): ExecutorConfig {
  const parsed = executorConfigSchema.safeParse(kubernetes ?? {});
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${[...issue.path, key].join('.')}: not known to this runner`)
      : [`${issue.path.join('.')}: ${issue.message}`],
  );
  throw new UserError('FER6046', {
    problem: `settings for Kubernetes that a Job cannot have: ${wrong.join('; ')}`,
    fix: 'the settings that this runner knows are listed in docs/kubernetes-runner.md',
  });
}

/** Tells why an attempt of a container could never run; undefined where it could. */
export function refusalOf(
  container: ContainerSpec,
  identity: ComponentIdentity | undefined,
  kubernetes: KubernetesExecutorConfig | undefined,
  options: Pick<JobOptions, 'runtimeImage' | 'secrets'>,
): Failure | undefined {
  try {
    const config = readExecutorConfig(kubernetes);
    checkNames(config);
    checkImage(container, identity, options);
    checkSecrets(container, identity, config, options);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UserError) return failureOf(thrown);
    throw thrown;
  }
}

/** Makes the engine's failure of a mistake that no second attempt mends. */
function failureOf({ code, problem, fix }: UserError): Failure {
  return { code, kind: 'user', problem, ...(fix !== undefined && { fix }), retryable: false };
}

function checkNames({ initContainers = [], pvcMount = [] }: ExecutorConfig): void {
  const taken = initContainers.filter(({ name }) => [componentContainer, stageIn, stageOut].includes(name));
  if (taken.length > 0)
    throw new UserError('FER6046', {
      problem: `an init container is named ${taken.map(({ name }) => name).join(', ')}, which the runner needs itself`,
      fix: 'give it another name',
    });
  const nameless = pvcMount.find(
    ({ pvcNameParameter, constant }) => pvcNameParameter === undefined && constant === undefined,
  );
  if (nameless !== undefined)
    throw new UserError('FER6046', {
      problem: `the claim mounted at ${nameless.mountPath} is named in the way of kfp-kubernetes 1, by an input of the pipeline`,
      fix: 'compile it with kfp-kubernetes 2, which writes pvcNameParameter',
    });
}

function checkImage(
  { image }: ContainerSpec,
  identity: ComponentIdentity | undefined,
  { runtimeImage }: Pick<JobOptions, 'runtimeImage'>,
): void {
  const ours = identity !== undefined && identity.payload === undefined;
  if (!ours && claimWork({ image }) === undefined && runtimeImage === undefined)
    throw new UserError('FER6060', {
      problem: `${image} is no image of Ferrule: its inputs and outputs need the runtime image, and none is named`,
      fix: 'make one with `ferrule build --runtime --push`, and name it in cluster.yaml: runtimeImage: ... (or FERRULE_IMAGE)',
    });
}

function checkSecrets(
  container: ContainerSpec,
  identity: ComponentIdentity | undefined,
  config: ExecutorConfig,
  { secrets }: Pick<JobOptions, 'secrets'>,
): void {
  const known = new Set([
    ...Object.keys(secrets),
    ...(container.env ?? []).map(({ name }) => name),
    ...(config.secretAsEnv ?? []).flatMap(({ keyToEnv = [] }) => keyToEnv.map(({ envVar }) => envVar)),
    ...(config.configMapAsEnv ?? []).flatMap(({ keyToEnv = [] }) => keyToEnv.map(({ envVar }) => envVar)),
  ]);
  const missing = (identity?.secretEnv ?? []).filter((name) => !known.has(name));
  if (missing.length === 0) return;
  throw new UserError('FER6016', {
    problem: `no secret of the cluster is named for ${missing.join(', ')}`,
    fix: `tell in cluster.yaml where it is: secrets: { ${missing.map((name) => `${name}: { secret: NAME, key: KEY }`).join(', ')} }`,
  });
}
