/** Placeholders in constants of a task's inputs: other inputs of the same task, and facts of the run. */
import { runFact, valueText, workspaceMount, type JsonValue } from '../../spec/index.ts';
import type { TaskNode } from './graph.ts';

/** What placeholders of the run itself stand for. */
export interface RunFacts {
  readonly runId: string;
  readonly pipeline: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Where runs keep their artifacts: a path, or the URI of a bucket. */
  readonly root: string;
}

export const inputPlaceholder = /\{\{\$\.inputs\.parameters\[(?:'([^']*)'|"([^"]*)")\]\}\}/g;
const runPlaceholder = /\{\{\$\.(pipeline_(?:(?:job|task)_[a-z_]+|root)|workspace_path)\}\}/g;

type Inputs = Readonly<Record<string, JsonValue>>;
type FactOf = (field: string) => string | undefined;

/** Fills in what a text says of the run and its task. */
export function withFacts(text: string, node: TaskNode, facts: RunFacts): string {
  return text.replaceAll(runPlaceholder, (written, field: string) => runField(field, node, facts) ?? written);
}

/**
 * Fills placeholders of constants. A constant that is nothing but a placeholder takes the value as it is, or none; a
 * text around it takes it as text, and so do texts in lists and objects.
 * @returns the inputs whose values are different in every run
 */
export function fillTemplates(
  parameters: Record<string, JsonValue>,
  templates: readonly string[],
  node: TaskNode,
  facts: RunFacts,
): string[] {
  const runScoped: string[] = [];
  const plain = { ...parameters };
  for (const name of templates) {
    const constant = plain[name];
    if (constant === undefined) continue;
    const filled = fill(constant, plain, (field) => {
      const value = runField(field, node, facts);
      if (value !== undefined && !isSteady(field) && !runScoped.includes(name)) runScoped.push(name);
      return value;
    });
    if (filled === undefined) delete parameters[name];
    else parameters[name] = filled;
  }
  return runScoped;
}

/** Names the input that a text is the placeholder of, and nothing else; undefined where it is more, or none. */
export function wholeInput(text: string): string | undefined {
  const [match] = text.matchAll(inputPlaceholder);
  return match?.[0] === text ? (match[1] ?? match[2]) : undefined;
}

/** Puts inputs into a text in place of their placeholders; one without a value leaves nothing. */
export function withInputs(text: string, inputs: Inputs): string {
  return text.replaceAll(inputPlaceholder, (_, single?: string, double?: string) =>
    valueText(inputs[single ?? double ?? ''] ?? ''),
  );
}

/** Fills one value. Undefined where it is nothing but an input without a value. */
function fill(value: JsonValue, inputs: Inputs, factOf: FactOf): JsonValue | undefined {
  const whole = typeof value === 'string' ? wholeInput(value) : undefined;
  return whole === undefined ? filledInside(value, inputs, factOf) : inputs[whole];
}

/** Fills a text, or the texts inside a list or object: these stay texts. */
function filledInside(value: JsonValue, inputs: Inputs, factOf: FactOf): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => filledInside(item, inputs, factOf));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, filledInside(field, inputs, factOf)]),
    );
  if (typeof value !== 'string') return value;
  return withInputs(value, inputs).replaceAll(
    runPlaceholder,
    (placeholder, field: string) => factOf(field) ?? placeholder,
  );
}

/** Whether a fact is the same in every run. What lies in the folder that tasks share is not. */
function isSteady(field: string): boolean {
  return field === 'pipeline_task_name' || field === 'pipeline_root';
}

function runField(field: string, node: TaskNode, facts: RunFacts): string | undefined {
  const { runId, startedAt, root } = facts;
  return runFact(field, {
    runId,
    task: node.path,
    taskName: (node.iteration?.loop ?? node).name,
    startedAt,
    pipelineRoot: root,
    workspacePath: workspaceMount,
  });
}
