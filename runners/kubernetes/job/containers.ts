/** The containers of an attempt's pod. */
import type { V1Container, V1EnvVar, V1ResourceRequirements, V1VolumeMount } from '@kubernetes/client-node';
import type { Attempt } from '../../../engine/ports.ts';
import { UserError } from '../../../errors/index.ts';
import { failureFileVariable, terminationLog } from '../../../executor/failure-file.ts';
import { workspaceMount } from '../../../spec/local-path.ts';
import { resolveContainer, type ResolvedContainer, type ResolvedResources } from '../../../spec/index.ts';
import { acceleratorPlace } from './accelerator.ts';
import { configuredEnv, literal, plainEnv, secretEnv, withoutRepeats } from '../environment.ts';
import type { ExecutorConfig } from './executor-config.ts';
import type { JobOptions } from '../options.ts';
import { containerSecurity } from '../security.ts';

/** The container that runs the component: its log is the attempt's. */
export const componentContainer = 'component';
export const stageIn = 'stage-in';
export const stageOut = 'stage-out';

const launcher = ['node', '/ferrule/launch.mjs'] as const;

/** What staging needs; more is never held by it. Limits, because quotas ask for them. */
const stagingResources: V1ResourceRequirements = {
  requests: { cpu: '100m', memory: '256Mi' },
  limits: { cpu: '2', memory: '1Gi' },
};

export interface ContainerPlan {
  readonly containers: readonly V1Container[];
  readonly initContainers: readonly V1Container[];
  readonly resources: ResolvedResources;
}

/**
 * Tells whether the image has the launcher inside, as ours do. Code that travels in the spec runs on any image with
 * Node.js.
 */
export function hasLauncher({ identity }: Pick<Attempt, 'identity'>): boolean {
  return identity !== undefined && identity.payload === undefined;
}

/**
 * Plans the containers: one where the image has the launcher inside; else inputs are brought and outputs kept by the
 * runtime image, before and after the image's own command.
 * @param mounts of the component; `shared` are those that staging sees too
 */
export function planContainers(
  attempt: Attempt,
  options: JobOptions,
  config: ExecutorConfig,
  mounts: { readonly shared: readonly V1VolumeMount[]; readonly own: readonly V1VolumeMount[] },
): ContainerPlan {
  const ours = hasLauncher(attempt);
  const { container } = attempt;
  const resolved = resolveContainer(
    // The launcher resolves these itself: the executor input may be larger than a manifest may be.
    ours ? { ...container, command: [], args: [] } : container,
    attempt.input,
    {
      runId: attempt.runId,
      task: attempt.task,
      startedAt: attempt.startedAt,
      pipelineRoot: options.root,
      workspacePath: workspaceMount,
    },
  );
  const component: V1Container = {
    name: componentContainer,
    image: resolved.image,
    ...pullPolicy(config.imagePullPolicy ?? options.imagePullPolicy),
    ...(ours ? launchArgs(attempt, options) : ownCommand(resolved)),
    env: componentEnv(attempt, options, config, resolved, ours),
    ...(ours && storeEnvFrom(options)),
    resources: resourcesOf(resolved.resources),
    securityContext: containerSecurity(options),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...mounts.shared, ...mounts.own],
  };
  if (ours) return { containers: [component], initContainers: [], resources: resolved.resources };
  const staging = (name: typeof stageIn | typeof stageOut): V1Container => ({
    name,
    image: runtimeImage(options, resolved.image),
    ...pullPolicy(options.imagePullPolicy),
    command: [...launcher],
    args: [name, ...place(attempt, options)].map(literal),
    env: withoutRepeats([...plainEnv({ HOME: '/tmp' }), ...plainEnv(options.env)]),
    ...storeEnvFrom(options),
    resources: stagingResources,
    securityContext: containerSecurity(options),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...mounts.shared],
  });
  return {
    initContainers: [staging(stageIn), component],
    containers: [staging(stageOut)],
    resources: resolved.resources,
  };
}

/** Gives the further init containers of the platform spec: they see the volumes they name. */
export function configuredInitContainers(options: JobOptions, config: ExecutorConfig): V1Container[] {
  return (config.initContainers ?? []).map((given) => ({
    name: given.name,
    image: given.image,
    ...(given.command && { command: given.command }),
    ...(given.args && { args: given.args }),
    env: (given.env ?? []).map(({ name, value }) => ({ name, value: value ?? '' })),
    ...(given.restartPolicy && { restartPolicy: given.restartPolicy }),
    ...(given.resources && { resources: given.resources }),
    securityContext: containerSecurity(options),
    volumeMounts: (given.volumeMounts ?? []).map(({ volumeName, mountPath }) => ({
      name: volumeName,
      mountPath,
    })),
  }));
}

/** Names the attempt's folder under the root, as the launcher is told. */
export function attemptPlace({ runId, task, number }: Attempt): string {
  return `runs/${runId}/tasks/${task}/${number}`;
}

function place(attempt: Attempt, { root }: JobOptions): string[] {
  return ['--root', root, '--attempt', attemptPlace(attempt)];
}

function launchArgs(attempt: Attempt, options: JobOptions): Pick<V1Container, 'command' | 'args'> {
  const { command = [], args = [] } = attempt.container;
  return {
    command: [...launcher],
    args: ['run', ...place(attempt, options), '--', ...command, ...args].map(literal),
  };
}

/** Without a command of its own the image's runs. */
function ownCommand({ command, args }: ResolvedContainer): Pick<V1Container, 'command' | 'args'> {
  return {
    ...(command.length > 0 && { command: command.map(literal) }),
    ...(args.length > 0 && { args: args.map(literal) }),
  };
}

function componentEnv(
  attempt: Attempt,
  options: JobOptions,
  config: ExecutorConfig,
  resolved: ResolvedContainer,
  ours: boolean,
): V1EnvVar[] {
  const declared = [
    // Every user may write there, whoever the image thinks it is.
    ...plainEnv({ HOME: '/tmp' }),
    ...(ours ? plainEnv(options.env) : []),
    // Where there is no launcher to keep a failure, it comes in the container's last words.
    ...(!ours && attempt.identity !== undefined ? plainEnv({ [failureFileVariable]: terminationLog }) : []),
    ...resolved.env.map(({ name, value }) => ({ name, value: literal(value) })),
    ...configuredEnv(config),
  ];
  const secrets = secretEnv(attempt.identity?.secretEnv ?? [], declared, options.secrets);
  return withoutRepeats([...declared, ...secrets]);
}

function storeEnvFrom({ storeSecret }: JobOptions): Pick<V1Container, 'envFrom'> {
  return storeSecret === undefined ? {} : { envFrom: [{ secretRef: { name: storeSecret } }] };
}

function pullPolicy(policy: string | undefined): Pick<V1Container, 'imagePullPolicy'> {
  return policy === undefined ? {} : { imagePullPolicy: policy };
}

function runtimeImage({ runtimeImage: image }: JobOptions, forImage: string): string {
  if (image !== undefined) return image;
  throw new UserError('FER6060', {
    problem: `${forImage} is no image of Ferrule: its inputs and outputs need the runtime image, and none is named`,
    fix: 'make one with `ferrule build --runtime --push`, and name it in cluster.yaml: runtimeImage: ... (or FERRULE_IMAGE)',
  });
}

/** An extended resource cannot be asked for without a limit, and its request is the limit. */
/** Writes what a container asks for as Kubernetes has it. */
export function resourcesOf(resources: ResolvedResources): V1ResourceRequirements {
  const accelerator = acceleratorPlace(resources.accelerator);
  const limits = {
    ...(resources.cpuLimit !== undefined && { cpu: resources.cpuLimit }),
    ...(resources.memoryLimit !== undefined && { memory: resources.memoryLimit }),
    ...(accelerator && { [accelerator.resource]: accelerator.count }),
  };
  const requests = {
    ...(resources.cpuRequest !== undefined && { cpu: resources.cpuRequest }),
    ...(resources.memoryRequest !== undefined && { memory: resources.memoryRequest }),
  };
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(requests).length > 0 && { requests }),
  };
}
