/** Loops: a task whose component runs once for each item of a list. */
import { InternalError } from '../../errors/index.ts';
import { listIn, valueText, type JsonValue, type PipelineSpec } from '../../spec/index.ts';
import type { ArtifactRecord, Failure, Outputs } from '../events.ts';
import { componentKind, newNode, type Inputs, type Scope, type TaskNode } from './graph.ts';
import { iterationIn, selectionInside } from './selection.ts';

/** What a loop goes over, and how far it is. */
export interface Loop {
  readonly items: Items;
  /** Most iterations at a time; undefined where there is no limit. */
  readonly limit: number | undefined;
  /** The iterations to run: all, or the one that was asked for. `end` is none of them. */
  readonly start: number;
  readonly end: number;
  /** Index of the first iteration that was not opened yet. */
  next: number;
  /** Iterations that succeeded, and what each of them gave. */
  succeeded: number;
  readonly outputs: (Outputs | undefined)[];
  failed: number;
}

export type Items =
  | { readonly kind: 'values'; readonly list: readonly JsonValue[] }
  | { readonly kind: 'artifacts'; readonly list: readonly ArtifactRecord[] };

/** One turn of a loop. */
export interface Iteration {
  readonly loop: TaskNode;
  readonly index: number;
}

export type ItemsFound =
  | { readonly kind: 'items'; readonly items: Items }
  | { readonly kind: 'none'; readonly failure: Failure };

/** Finds what a loop goes over, among its inputs or in the spec itself. */
export function itemsOf(node: TaskNode, inputs: Inputs): ItemsFound {
  const { parameterIterator, artifactIterator } = node.task;
  if (artifactIterator !== undefined) {
    const list = inputs.artifacts[artifactIterator.items.inputArtifact];
    return list === undefined
      ? {
          kind: 'none',
          failure: noList(node, `its input "${artifactIterator.items.inputArtifact}" has no value`),
        }
      : { kind: 'items', items: { kind: 'artifacts', list } };
  }
  const { raw, inputParameter } = parameterIterator?.items ?? {};
  const given: JsonValue | undefined = raw ?? inputs.parameters[inputParameter ?? ''];
  // A list may come as its JSON text: where the spec holds it, and where an output was declared as a text.
  const list = typeof given === 'string' ? listIn(given) : given;
  if (isList(list)) return { kind: 'items', items: { kind: 'values', list } };
  const got = given === undefined ? 'no value' : valueText(given);
  return { kind: 'none', failure: noList(node, `it takes a list, and got ${got.slice(0, 120)}`) };
}

/** Opens a loop: none of its iterations is there yet. */
export function openLoop(owner: TaskNode, inputs: Inputs, items: Items): Scope {
  const selection = selectionInside(owner);
  const asked = iterationIn(selection.only);
  const count = items.list.length;
  const start = asked === undefined ? 0 : Math.min(asked, count);
  const limit = owner.task.iteratorPolicy?.parallelismLimit ?? 0;
  return {
    path: owner.path,
    dag: {},
    inputs,
    owner,
    selection,
    nodes: new Map(),
    loop: {
      items,
      limit: limit > 0 ? limit : undefined,
      start,
      end: asked === undefined ? count : Math.min(start + 1, count),
      next: start,
      succeeded: 0,
      outputs: [],
      failed: 0,
    },
    unsettled: 0,
    announced: false,
    failure: undefined,
    cancelled: false,
  };
}

/** Makes the node of one iteration. */
export function iterationNode(spec: PipelineSpec, scope: Scope, index: number): TaskNode {
  const { owner } = scope;
  if (owner === undefined) throw new InternalError('FER4000', { problem: 'a loop is no task' });
  const { component, task, retry, exit, mayRunAgain } = owner;
  const node = newNode({
    path: `${owner.path}/${index}`,
    name: String(index),
    kind: componentKind(spec, component),
    task,
    component,
    scope,
    iteration: { loop: owner, index },
    retry,
    exit,
    mayRunAgain,
    leftOut: undefined,
    anew: owner.anew || scope.selection.from === String(index),
  });
  scope.nodes.set(node.name, node);
  return node;
}

/**
 * Collects what the iterations of a loop gave: of each output parameter the list of its values, of each output artifact
 * one flat list. What an iteration did not give, because a condition in it was false, is left out.
 */
export function loopOutputs(scope: Scope): Outputs {
  const definitions = scope.owner?.component.outputDefinitions;
  const given = (scope.loop?.outputs ?? []).filter((outputs) => outputs !== undefined);
  const collect = <T>(names: object | undefined, of: (outputs: Outputs, name: string) => readonly T[]) =>
    Object.fromEntries(
      Object.keys(names ?? {}).map((name) => [name, given.flatMap((outputs) => of(outputs, name))]),
    );
  return {
    parameters: collect<JsonValue>(definitions?.parameters, ({ parameters }, name) => {
      const value = parameters[name];
      return value === undefined ? [] : [value];
    }),
    artifacts: collect<ArtifactRecord>(
      definitions?.artifacts,
      ({ artifacts }, name) => artifacts[name] ?? [],
    ),
  };
}

/** Columns of an item's text. */
const itemWidth = 60;

/** Writes an item for people. */
export function itemText(items: Items, index: number): string {
  const item = items.list[index];
  if (item === undefined) return '';
  const text = items.kind === 'artifacts' ? nameOf(items.list[index]) : valueText(items.list[index] ?? null);
  return text.length > itemWidth ? `${text.slice(0, itemWidth - 1)}…` : text;
}

function nameOf(artifact: ArtifactRecord | undefined): string {
  return artifact?.uri.split('/').slice(-3).join('/') ?? '';
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function noList(node: TaskNode, problem: string): Failure {
  return {
    code: 'FER4014',
    kind: 'user',
    problem: `the loop "${node.path}" cannot begin: ${problem}`,
    fix: 'give it a list: look at what the task before it returned',
    retryable: false,
  };
}
