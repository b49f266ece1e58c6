/** The figure that a sweep goes by: where it is in a pipeline, and in a run. */
import type { RunState } from '../engine/index.ts';
import type { ComponentSpec, JsonValue, PipelineSpec } from '../spec/index.ts';

export type Found =
  | { readonly kind: 'found'; readonly value: number }
  | { readonly kind: 'absent'; readonly problem: string };

interface Interface {
  readonly parameters: readonly string[];
  readonly artifacts: readonly string[];
}

/** Tells what is wrong with a reference to a figure, before anything runs; undefined where it may be there. */
export function metricProblem(
  spec: PipelineSpec,
  from: string,
): { readonly problem: string; readonly fix: string } | undefined {
  const root = interfaceOf(spec.root);
  const { owner, rest } = split(from);
  if (owner === undefined) {
    if (root.parameters.includes(rest)) return numberProblem(spec.root, rest, from);
    return {
      problem: `the pipeline has no output "${rest}" that is a number`,
      fix: `name ${known(spec)}`,
    };
  }
  if (root.artifacts.includes(owner)) return undefined;
  const component = componentAt(spec, owner);
  if (component === undefined)
    return {
      problem: `the metric "${from}" names "${owner}", which is no task of the pipeline`,
      fix: `name ${known(spec)}`,
    };
  const [output = '', ...field] = rest.split('.');
  const outputs = interfaceOf(component);
  if (field.length === 0 && outputs.parameters.includes(output))
    return numberProblem(component, output, from);
  if (field.length > 0 && outputs.artifacts.includes(output)) return undefined;
  const names = [...outputs.parameters, ...outputs.artifacts.map((name) => `${name}.FIELD`)];
  return {
    problem: `the metric "${from}": the task "${owner}" has no output "${output}"${field.length === 0 && outputs.artifacts.includes(output) ? ' that is a number: it is an artifact' : ''}`,
    fix: names.length === 0 ? 'it has none' : `it has ${names.map((name) => `${owner}.${name}`).join(', ')}`,
  };
}

function numberProblem(
  component: ComponentSpec,
  name: string,
  from: string,
): { problem: string; fix: string } | undefined {
  const type = component.outputDefinitions?.parameters?.[name]?.parameterType;
  if (type === undefined || type.startsWith('NUMBER')) return undefined;
  return {
    problem: `the metric "${from}" is a ${type}, and no number`,
    fix: 'name an output that is a number',
  };
}

/** Splits `task.output.field` after the task, whose path may have `/`; an output of the pipeline has no task. */
function split(from: string): { readonly owner?: string; readonly rest: string } {
  const at = from.indexOf('.');
  return at === -1 ? { rest: from } : { owner: from.slice(0, at), rest: from.slice(at + 1) };
}

function interfaceOf({ outputDefinitions }: ComponentSpec): Interface {
  return {
    parameters: Object.keys(outputDefinitions?.parameters ?? {}),
    artifacts: Object.keys(outputDefinitions?.artifacts ?? {}),
  };
}

/** Finds the component of a task by its path. */
function componentAt(spec: PipelineSpec, path: string): ComponentSpec | undefined {
  let at: ComponentSpec | undefined = spec.root;
  for (const name of path.split('/')) {
    const task: { componentRef?: { name: string } } | undefined = at?.dag?.tasks?.[name];
    if (task?.componentRef === undefined) return undefined;
    at = spec.components?.[task.componentRef.name];
  }
  return at;
}

function known(spec: PipelineSpec): string {
  const outputs = Object.entries(spec.root.outputDefinitions?.parameters ?? {})
    .filter(([, { parameterType }]) => parameterType.startsWith('NUMBER'))
    .map(([name]) => name);
  const tasks = Object.keys(spec.root.dag?.tasks ?? {}).map((task) => `${task}.OUTPUT`);
  return [...outputs, ...tasks].join(', ');
}

/** Reads the figure of a run that has ended. */
export function readMetric(state: RunState, from: string): Found {
  const { owner, rest } = split(from);
  if (owner === undefined) return numberIn(state.outputs.parameters[rest], from);
  const ofRoot = state.outputs.artifacts[owner]?.[0];
  if (ofRoot !== undefined) return fieldOf(ofRoot.metadata, rest, from);
  const task = state.tasks.find(({ name }) => name === owner);
  if (task?.outputs === undefined)
    return {
      kind: 'absent',
      problem: `the task "${owner}" gave nothing: it is ${task?.status ?? 'not in the run'}`,
    };
  const [output = '', ...field] = rest.split('.');
  if (field.length === 0) return numberIn(task.outputs.parameters[output], from);
  const artifact = task.outputs.artifacts[output]?.[0];
  return fieldOf(artifact?.metadata ?? {}, field.join('.'), from);
}

function fieldOf(metadata: Readonly<Record<string, JsonValue>>, field: string, from: string): Found {
  if (Object.hasOwn(metadata, field)) return numberIn(metadata[field], from);
  const numbers = Object.entries(metadata).flatMap(([name, value]) =>
    typeof value === 'number' ? [name] : [],
  );
  return {
    kind: 'absent',
    problem: `"${from}": there is no "${field}" in it; it has ${numbers.length === 0 ? 'no figures' : numbers.join(', ')}`,
  };
}

function numberIn(value: JsonValue | undefined, from: string): Found {
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'found', value };
  return {
    kind: 'absent',
    problem: `"${from}" is ${value === undefined ? 'not there' : JSON.stringify(value)}, and no finite number`,
  };
}
