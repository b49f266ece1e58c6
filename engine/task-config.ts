/** Components that hand settings of their task on, to work that they start elsewhere: KFP's TASK_CONFIG. */
import type {
  CompiledPipeline,
  ComponentSpec,
  ContainerSpec,
  JsonValue,
  KubernetesExecutorConfig,
} from '../spec/index.ts';
import type { Inputs, TaskNode } from './graph/graph.ts';
import { kubernetesSettings } from './tasks/kubernetes-settings.ts';
import type { Runner } from './ports.ts';

/** The settings of the platform spec that each field is about. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  RESOURCES: [],
  ENV: ['secretAsEnv', 'configMapAsEnv', 'fieldPathAsEnv'],
  KUBERNETES_AFFINITY: ['nodeAffinity', 'podAffinity'],
  KUBERNETES_TOLERATIONS: ['tolerations'],
  KUBERNETES_NODE_SELECTOR: ['nodeSelector'],
  KUBERNETES_VOLUMES: [
    'pvcMount',
    'secretAsVolume',
    'configMapAsVolume',
    'genericEphemeralVolume',
    'emptyDirMounts',
  ],
};

/** Leaves out of a task's settings what its component only hands on. */
export function appliedSettings(
  component: ComponentSpec,
  settings: KubernetesExecutorConfig | undefined,
): KubernetesExecutorConfig | undefined {
  const left = new Set([...onlyHandedOn(component)].flatMap((field) => settingsOf[field] ?? []));
  if (settings === undefined || left.size === 0) return settings;
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !left.has(name)));
}

/** A task's container and inputs. */
interface Told {
  readonly container: ContainerSpec;
  readonly inputs: Inputs;
}

/**
 * Fills the inputs that tell a component which settings to hand on, and leaves out of its container what the task itself is
 * not to have.
 */
export async function withTaskConfig(
  node: TaskNode,
  { container, inputs }: Told,
  compiled: CompiledPipeline,
  runner: Pick<Runner, 'taskConfigOf'>,
): Promise<Told> {
  const fields = new Set((node.component.taskConfigPassthroughs ?? []).map(({ field = '' }) => field));
  if (fields.size === 0) return { container, inputs };
  const unfilled = Object.entries(node.component.inputDefinitions?.parameters ?? {}).filter(
    ([name, { parameterType }]) =>
      parameterType === 'TASK_CONFIG' && node.task.inputs?.parameters?.[name] === undefined,
  );
  const kubernetes = kubernetesSettings(node, compiled);
  const parameterValues = inputs.parameters;
  const value: JsonValue =
    (await runner.taskConfigOf?.({ container, parameterValues, kubernetes, fields })) ?? {};
  const filled = Object.fromEntries(unfilled.map(([name]) => [name, value]));
  return {
    container: applied(container, onlyHandedOn(node.component)),
    inputs: { ...inputs, parameters: { ...inputs.parameters, ...filled } },
  };
}

function applied(container: ContainerSpec, left: ReadonlySet<string>): ContainerSpec {
  if (!left.has('RESOURCES') && !left.has('ENV')) return container;
  const { resources, env, ...rest } = container;
  return {
    ...rest,
    ...(resources !== undefined && !left.has('RESOURCES') && { resources }),
    ...(env !== undefined && !left.has('ENV') && { env }),
  };
}

function onlyHandedOn({ taskConfigPassthroughs = [] }: ComponentSpec): ReadonlySet<string> {
  return new Set(
    taskConfigPassthroughs.filter((one) => one.applyToTask !== true).map(({ field = '' }) => field),
  );
}
