/** Finds the values of a task's inputs, among the outputs of other tasks and the inputs of its scope. */
import type { JsonValue, TaskInputParameter } from '../spec/index.ts';
import type { ArtifactRecord, Failure } from './events.ts';
import type { Inputs, TaskNode } from './graph.ts';

/** What placeholders of the run itself stand for. */
export interface RunFacts {
  readonly runId: string;
  readonly pipeline: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

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

/** Resolves the inputs of a task whose earlier tasks have ended, defaults filled in. */
export function resolveInputs(node: TaskNode, facts: RunFacts): ResolvedInputs {
  const { inputDefinitions } = node.component;
  const parameters: Record<string, JsonValue> = {};
  const templates: string[] = [];
  for (const [name, source] of Object.entries(node.task.inputs?.parameters ?? {})) {
    const value = parameterOf(node, source);
    if (value !== undefined) parameters[name] = value;
    if (source.runtimeValue?.constant !== undefined) templates.push(name);
  }
  const runScoped = fillTemplates(parameters, templates, node, facts);
  const artifacts: Record<string, readonly ArtifactRecord[]> = {};
  for (const [name, source] of Object.entries(node.task.inputs?.artifacts ?? {})) {
    const { taskOutputArtifact: made, componentInputArtifact: given } = source;
    const found =
      made === undefined
        ? node.scope.inputs.artifacts[given ?? '']
        : node.scope.nodes.get(made.producerTask)?.outputs?.artifacts[made.outputArtifactKey];
    if (found !== undefined) artifacts[name] = found;
  }
  for (const [name, definition] of Object.entries(inputDefinitions?.parameters ?? {})) {
    if (parameters[name] !== undefined) continue;
    if (definition.defaultValue !== undefined) parameters[name] = definition.defaultValue;
    else if (definition.isOptional !== true)
      return { kind: 'missing', failure: lacks(node, name), known: { parameters, artifacts } };
  }
  for (const [name, definition] of Object.entries(inputDefinitions?.artifacts ?? {}))
    if (artifacts[name] === undefined && definition.isOptional !== true)
      return { kind: 'missing', failure: lacks(node, name), known: { parameters, artifacts } };
  return { kind: 'resolved', inputs: { parameters, artifacts }, runScoped };
}

/** Finds the value that a source names; undefined where there is none. */
export function parameterOf(node: TaskNode, source: TaskInputParameter): JsonValue | undefined {
  if (source.taskOutputParameter !== undefined) {
    const { producerTask, outputParameterKey } = source.taskOutputParameter;
    return node.scope.nodes.get(producerTask)?.outputs?.parameters[outputParameterKey];
  }
  if (source.componentInputParameter !== undefined)
    return node.scope.inputs.parameters[source.componentInputParameter];
  return source.runtimeValue?.constant;
}

const inputPlaceholder = /\{\{\$\.inputs\.parameters\[(?:'([^']*)'|"([^"]*)")\]\}\}/g;
const runPlaceholder = /\{\{\$\.(pipeline_(?:job|task)_[a-z_]+)\}\}/g;

/**
 * Fills placeholders of constants: other inputs of the same task, and facts of the run. A constant that is nothing
 * but a placeholder takes the value as it is; a text around it takes it as text.
 */
function fillTemplates(
  parameters: Record<string, JsonValue>,
  templates: readonly string[],
  node: TaskNode,
  facts: RunFacts,
): string[] {
  const runScoped: string[] = [];
  const plain = { ...parameters };
  for (const name of templates) {
    const constant = plain[name];
    if (typeof constant !== 'string' || !constant.includes('{{$.')) continue;
    const whole = [...constant.matchAll(inputPlaceholder)].find((match) => match[0] === constant);
    if (whole !== undefined) {
      const value = plain[whole[1] ?? whole[2] ?? ''];
      if (value !== undefined) parameters[name] = value;
      continue;
    }
    parameters[name] = constant
      .replaceAll(inputPlaceholder, (_, single?: string, double?: string) =>
        textOf(plain[single ?? double ?? ''] ?? ''),
      )
      .replaceAll(runPlaceholder, (placeholder, field: string) => {
        const value = runField(field, node, facts);
        if (value === undefined) return placeholder;
        if (!runScoped.includes(name)) runScoped.push(name);
        return value;
      });
  }
  return runScoped;
}

function runField(field: string, node: TaskNode, facts: RunFacts): string | undefined {
  switch (field) {
    case 'pipeline_job_name':
    case 'pipeline_job_resource_name':
    case 'pipeline_job_uuid':
      return facts.runId;
    case 'pipeline_task_name':
      return node.name;
    case 'pipeline_task_uuid':
      return `${facts.runId}-${node.path.replaceAll('/', '-')}`;
    case 'pipeline_job_create_time_utc':
    case 'pipeline_job_schedule_time_utc':
      return facts.startedAt;
    default:
      return undefined;
  }
}

/** Writes a value the way it stands in a text. */
function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lacks(node: TaskNode, input: string): Failure {
  return {
    code: 'FER4007',
    kind: 'user',
    problem: `the task "${node.path}" got no value for its input "${input}"`,
    fix: 'the task before it did not give that output: return it there, or make the input optional',
    retryable: false,
  };
}
