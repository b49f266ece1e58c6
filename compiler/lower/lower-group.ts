/** Lowers a group: as a task of the group around it, and as a component. */
import type {
  ComponentSpec,
  DagSpec,
  TaskInputArtifact,
  TaskInputParameter,
  TaskSpec,
} from '../../spec/index.ts';
import type { Port, PortType } from '../interfaces/component-interface.ts';
import type { RefObject } from '../trace/ref.ts';
import type { InnerGroup, LoopGroup } from '../trace/flow/traced-group.ts';
import { celOf } from './cel.ts';
import { dagOutputs } from './dag-outputs.ts';
import { inputDefinitions, outputDefinitions } from './definitions.ts';
import type { PipelineGroups } from './pipeline-groups.ts';
import { pythonJson } from './python-json.ts';
import { dependentTasks } from './dependent-tasks.ts';

/** Lowers a group to a task of the group around it. */
export function lowerGroup(group: InnerGroup, component: string, groups: PipelineGroups): TaskSpec {
  return {
    taskInfo: { name: group.displayName ?? groups.names.of(group) },
    componentRef: { name: component },
    ...inputsOf(group, groups),
    ...dependentTasks(group, groups),
    ...(group.kind === 'condition' && { triggerPolicy: { condition: conditionOf(group, groups) } }),
    ...(group.kind === 'loop' && iteratorOf(group, groups)),
  };
}

function conditionOf(
  group: Extract<InnerGroup, { kind: 'condition' }>,
  { channels }: PipelineGroups,
): string {
  return celOf(group.conditions, (ref) => channels.channelName(ref, group));
}

function inputsOf(group: InnerGroup, { inputs, channels }: PipelineGroups): Pick<TaskSpec, 'inputs'> {
  const parameters: Record<string, TaskInputParameter> = {};
  const artifacts: Record<string, TaskInputArtifact> = {};
  for (const [name, ref] of inputs.get(group) ?? [])
    if (ref.type?.kind === 'artifact') artifacts[name] = channels.artifactSource(ref, group.parent);
    else parameters[name] = channels.parameterSource(ref, group.parent);
  const hasParameters = Object.keys(parameters).length > 0;
  const hasArtifacts = Object.keys(artifacts).length > 0;
  if (!hasParameters && !hasArtifacts) return {};
  return { inputs: { ...(hasParameters && { parameters }), ...(hasArtifacts && { artifacts }) } };
}

function iteratorOf(
  group: LoopGroup,
  { channels }: PipelineGroups,
): Pick<TaskSpec, 'parameterIterator' | 'artifactIterator' | 'iteratorPolicy'> {
  const itemInput = `pipelinechannel--${channels.itemName(group)}`;
  const { items, itemType, parallelism } = group;
  const policy = parallelism !== undefined && { iteratorPolicy: { parallelismLimit: parallelism } };
  if (items.kind === 'constant')
    return {
      parameterIterator: { itemInput, items: { raw: pythonJson(items.values, { sortKeys: true }) } },
      ...policy,
    };
  const list = channels.channelName(items.ref, group.parent);
  return {
    ...(itemType.kind === 'artifact'
      ? { artifactIterator: { itemInput, items: { inputArtifact: list } } }
      : { parameterIterator: { itemInput, items: { inputParameter: list } } }),
    ...policy,
  };
}

/** Lowers a group to a component; its tasks are given. */
export function groupComponent(
  group: InnerGroup,
  tasks: NonNullable<DagSpec['tasks']>,
  { inputs, channels }: PipelineGroups,
): ComponentSpec {
  const outputs = channels.outputsOf(group);
  const ports = [...(inputs.get(group) ?? [])].flatMap(([name, ref]) => portOf(name, channelType(ref)));
  if (group.kind === 'loop')
    ports.push(...portOf(`pipelinechannel--${channels.itemName(group)}`, known(group.itemType)));
  return {
    dag: { tasks, ...dagOutputs(outputs) },
    ...inputDefinitions(ports),
    ...outputDefinitions([...outputs].flatMap(([name, { type }]) => portOf(name, type))),
  };
}

function portOf(name: string, type: PortType | undefined): Port[] {
  return type === undefined ? [] : [{ name, type, optional: false }];
}

/** KFP takes an item, or a field of one, of which nothing is known for a text. */
function channelType(ref: RefObject): PortType | undefined {
  const isPart = ref.source.kind === 'field' || ref.source.kind === 'item';
  return isPart && ref.type !== undefined ? known(ref.type) : ref.type;
}

function known(type: PortType): PortType {
  return type.kind === 'any' ? { kind: 'string' } : type;
}
