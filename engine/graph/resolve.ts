/** Finds the values of a task's inputs, among the outputs of other tasks and the inputs of its scope. */
import {
  hasParameterType,
  isLeakedItem,
  valueText,
  type ComponentSpec,
  type JsonValue,
  type TaskInputParameter,
} from '../../spec/index.ts';
import type { ArtifactRecord, Failure } from '../events.ts';
import { expressions, selectorOf } from './expressions.ts';
import { finalStatus } from './final-status.ts';
import type { Inputs, TaskNode } from './graph.ts';
import { fillTemplates, type RunFacts } from './templates.ts';

export type { RunFacts } from './templates.ts';

export type ResolvedInputs =
  | {
      readonly kind: 'resolved';
      readonly inputs: Inputs;
      /** Inputs whose values are different in every run. */
      readonly runScoped: readonly string[];
    }
  | {
      readonly kind: 'missing';
      readonly failure: Failure;
      /** Those that are there. */
      readonly known: Inputs;
    };

type Values = Record<string, JsonValue>;

/** Resolves the inputs of a task whose earlier tasks have ended, defaults filled in. */
export function resolveInputs(node: TaskNode, facts: RunFacts): ResolvedInputs {
  const parameters: Values = {};
  const templates: string[] = [];
  const runScoped: string[] = [];
  const place = placeOf(node);
  const sources = Object.entries(node.task.inputs?.parameters ?? {});
  let failure: Failure | undefined;
  for (const [name, source] of sources) {
    const value = parameterOf(place, source, facts);
    if (value !== undefined) parameters[name] = value;
    if (source.taskFinalStatus !== undefined) runScoped.push(name);
    if (source.runtimeValue?.constant !== undefined) templates.push(name);
    else failure ??= select(node, name, source, parameters);
  }
  const artifacts = artifactsOf(node, place);
  takeItem(node, parameters, artifacts);
  runScoped.push(...fillTemplates(parameters, templates, node, facts));
  for (const [name, source] of sources)
    if (source.runtimeValue?.constant !== undefined) failure ??= select(node, name, source, parameters);
  failure ??= complete(node, parameters, artifacts);
  const inputs = { parameters, artifacts };
  return failure === undefined
    ? { kind: 'resolved', inputs, runScoped }
    : { kind: 'missing', failure, known: inputs };
}

/** Where the sources of a task's inputs lead: those of an iteration are its loop's. */
function placeOf(node: TaskNode): TaskNode {
  return node.iteration?.loop ?? node;
}

/** Finds the value that a source names; undefined where there is none. KFP has null say that a value is not given. */
function parameterOf(node: TaskNode, source: TaskInputParameter, facts: RunFacts): JsonValue | undefined {
  return valueOf(node, source, facts) ?? undefined;
}

/**
 * Finds the value that a setting of a task names in the way of its inputs, a part of it where it has a selector;
 * undefined where there is none.
 */
export function settingOf(node: TaskNode, source: TaskInputParameter): JsonValue | undefined {
  const value = valueOf(placeOf(node), source, undefined) ?? undefined;
  const selector = selectorOf(source);
  if (value === undefined || selector === undefined) return value;
  const selected = expressions().selectPart(selector, value);
  return selected.kind === 'value' ? selected.value : undefined;
}

function valueOf(
  node: TaskNode,
  source: TaskInputParameter,
  facts: RunFacts | undefined,
): JsonValue | undefined {
  if (source.taskOutputParameter !== undefined) {
    const { producerTask, outputParameterKey } = source.taskOutputParameter;
    return node.scope.nodes.get(producerTask)?.outputs?.parameters[outputParameterKey];
  }
  if (source.componentInputParameter !== undefined)
    return node.scope.inputs.parameters[source.componentInputParameter];
  if (source.taskFinalStatus !== undefined) {
    const producer = node.scope.nodes.get(source.taskFinalStatus.producerTask);
    return producer === undefined ? undefined : finalStatus(producer, facts?.runId ?? '');
  }
  const { constant, runtimeParameter } = source.runtimeValue ?? {};
  return constant ?? node.scope.inputs.parameters[runtimeParameter ?? ''];
}

/** Replaces a value by the part of it that the input is about. */
function select(
  node: TaskNode,
  name: string,
  source: TaskInputParameter,
  parameters: Values,
): Failure | undefined {
  const selector = selectorOf(source);
  const value = parameters[name];
  if (selector === undefined || value === undefined) return undefined;
  const selected = expressions().selectPart(selector, value);
  if (selected.kind === 'value') {
    if (selected.value === null) delete parameters[name];
    else parameters[name] = selected.value;
    return undefined;
  }
  return {
    code: 'FER4015',
    kind: 'user',
    problem: `the input "${name}" of "${node.path}" takes ${selector} of ${JSON.stringify(value).slice(0, 200)}: ${selected.problem}`,
    fix: 'see that what it is a part of has that field',
    retryable: false,
  };
}

function artifactsOf(node: TaskNode, place: TaskNode): Record<string, readonly ArtifactRecord[]> {
  const artifacts: Record<string, readonly ArtifactRecord[]> = {};
  for (const [name, source] of Object.entries(node.task.inputs?.artifacts ?? {})) {
    const { taskOutputArtifact: made, componentInputArtifact: given } = source;
    const found =
      made === undefined
        ? place.scope.inputs.artifacts[given ?? '']
        : place.scope.nodes.get(made.producerTask)?.outputs?.artifacts[made.outputArtifactKey];
    if (found !== undefined) artifacts[name] = found;
  }
  return artifacts;
}

/**
 * Gives an iteration its item. A group goes on seeing the whole list, which what is in it may use too; a component that
 * is looped over does not.
 */
function takeItem(
  { iteration, kind, task, component, scope }: TaskNode,
  parameters: Values,
  artifacts: Record<string, readonly ArtifactRecord[]>,
): void {
  const items = scope.loop?.items;
  if (iteration === undefined || items === undefined) return;
  const { parameterIterator, artifactIterator } = task;
  if (items.kind === 'values') {
    const item = items.list[iteration.index] ?? undefined;
    const list = parameterIterator?.items.inputParameter;
    if (kind !== 'dag' && list !== undefined) delete parameters[list];
    const name = parameterIterator?.itemInput ?? '';
    if (item === undefined) return;
    parameters[name] = item;
    takeFields(component, name, item, parameters);
  } else {
    const item = items.list[iteration.index];
    const list = artifactIterator?.items.inputArtifact;
    if (kind !== 'dag' && list !== undefined) delete artifacts[list];
    if (item !== undefined) artifacts[artifactIterator?.itemInput ?? ''] = [item];
  }
}

/**
 * Gives a group the fields of its item that it asks for by name. Python's compiler does so for a field in a text, and
 * leaves it to nobody to fill them in: on KFP's backend such a pipeline fails.
 */
function takeFields(component: ComponentSpec, name: string, item: JsonValue, parameters: Values): void {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return;
  const fields: Readonly<Record<string, JsonValue>> = Object.fromEntries(Object.entries(item));
  const start = `${name}-subvar-`;
  for (const input of Object.keys(component.inputDefinitions?.parameters ?? {})) {
    const field = input.startsWith(start) ? fields[input.slice(start.length)] : undefined;
    if (field !== undefined && field !== null) parameters[input] ??= field;
  }
}

/** Fills in defaults, and makes values what the component declares; tells what is missing or of another type. */
function complete(
  node: TaskNode,
  parameters: Values,
  artifacts: Readonly<Record<string, readonly ArtifactRecord[]>>,
): Failure | undefined {
  const { inputDefinitions } = node.component;
  const { parameterIterator, artifactIterator } = node.task;
  // A loop has no item, nor fields of it: each of its iterations has.
  const unfilled = (name: string): boolean =>
    // What a group only hands on may be missing, such as an optional parameter, or an item of a loop that Python's
    // compiler asks for around the loop too: it is for the tasks in it to miss it.
    (node.kind !== 'component' && (name.startsWith(channelPrefix) || isLeakedItem(name))) ||
    (node.kind === 'loop'
      ? name === parameterIterator?.itemInput ||
        name === artifactIterator?.itemInput ||
        name.startsWith(`${parameterIterator?.itemInput}-subvar-`)
      : node.iteration !== undefined &&
        (name === parameterIterator?.items.inputParameter || name === artifactIterator?.items.inputArtifact));
  for (const [name, definition] of Object.entries(inputDefinitions?.parameters ?? {})) {
    const value = parameters[name];
    const type = definition.parameterType;
    if (value !== undefined) {
      // What a group declares is what KFP's compiler guessed: only what runs is held to it.
      if (node.kind !== 'component') continue;
      if (type === 'STRING' && typeof value !== 'string') parameters[name] = valueText(value);
      else if (!hasParameterType(value, type)) return mistyped(node, name, value, type);
    } else if (definition.defaultValue !== undefined) parameters[name] = definition.defaultValue;
    // KFP's backend tells a task of its own pod there; here it has none of its own, or one that the runner makes.
    else if (type === 'TASK_CONFIG' && node.kind === 'component') parameters[name] = {};
    else if (definition.isOptional !== true && !unfilled(name)) return lacks(node, name);
  }
  for (const [name, definition] of Object.entries(inputDefinitions?.artifacts ?? {}))
    if (artifacts[name] === undefined && definition.isOptional !== true && !unfilled(name))
      return lacks(node, name);
  return undefined;
}

/** How KFP's compiler begins the names of what it hands into groups. */
const channelPrefix = 'pipelinechannel--';

function mistyped(node: TaskNode, input: string, value: JsonValue, type: string): Failure {
  return {
    code: 'FER4016',
    kind: 'user',
    problem: `the task "${node.path}" got ${JSON.stringify(value).slice(0, 120)} for its input "${input}", which is ${type}`,
    fix: 'look at where the value comes from: an item of a list and a field of an object can be of any type',
    retryable: false,
  };
}

function lacks(node: TaskNode, input: string): Failure {
  return {
    code: 'FER4007',
    kind: 'user',
    problem: `the task "${node.path}" got no value for its input "${input}"`,
    fix: 'return it in the task that is to give it, or pass the parameter of the pipeline; or make the input optional',
    retryable: false,
  };
}
