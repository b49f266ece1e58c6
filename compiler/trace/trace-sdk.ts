/** What `import ... from 'ferrule'` stands for while a pipeline is traced. */
import { TaskError, UserError } from '../../errors/index.ts';
import { concat, executorInput, ifPresent } from '../../sdk/placeholder.ts';
import { run } from '../../sdk/run-facts.ts';
import type { ComparisonOperator } from './flow/condition.ts';
import { nameOfPipeline } from './pipeline-name.ts';
import type { ComponentMark, PipelineMark, RequiredMark } from '../source-pass/trace-source.ts';

/** Receives the calls of a pipeline's function. */
export interface CallReceiver {
  task(definition: Definition, inputs: unknown, options: unknown): unknown;
  importer(mark: RequiredMark | null, options: unknown, taskOptions: unknown): unknown;
  readonly flow: FlowReceiver;
}

/** Receives the calls that make branches, loops and conditions. */
export interface FlowReceiver {
  compare(name: string, operator: ComparisonOperator, left: unknown, right: unknown): unknown;
  join(kind: 'and' | 'or', parts: readonly unknown[]): unknown;
  not(condition: unknown): unknown;
  when(condition: unknown, body: unknown, options: unknown): unknown;
  oneOf(branches: unknown): unknown;
  forEach(items: unknown, body: unknown, options: unknown): unknown;
  collect(loop: unknown): unknown;
  onExit(task: unknown, body: unknown, options: unknown): unknown;
}

/** What a task can be made of by a call. */
export type Definition =
  | ComponentDefinition
  | ContainerDefinition
  | LoadedDefinition
  | ClaimDefinition
  | PipelineDefinition;

export interface ComponentDefinition {
  readonly kind: 'component';
  readonly options: unknown;
  readonly mark: ComponentMark;
}

export interface ContainerDefinition {
  readonly kind: 'container';
  readonly define: unknown;
  readonly mark: ComponentMark;
}

export interface LoadedDefinition {
  readonly kind: 'loaded';
  readonly file: unknown;
  /** `import.meta.url` of the file that names it. */
  readonly from: unknown;
  readonly mark: ComponentMark;
}

/** One of the components that KFP's platforms bring themselves. */
interface ClaimDefinition {
  readonly kind: 'claim';
  readonly name: 'createPvc' | 'deletePvc';
}

export interface PipelineDefinition {
  readonly kind: 'pipeline';
  /** Its name, or all its options. */
  readonly options: unknown;
  readonly params: unknown;
  readonly body: unknown;
  readonly mark: PipelineMark | undefined;
}

/** A number that was declared whole. It computes like any number. */
export class IntValue extends Number {}

/** A parameter without a default. */
export class RequiredValue {
  /** Undefined where no type was written. */
  readonly mark: RequiredMark | undefined;

  readonly optional: boolean;

  constructor(mark: RequiredMark | undefined, optional: boolean) {
    this.mark = mark;
    this.optional = optional;
  }
}

const definitions = new WeakMap<object, Definition>();
let receiver: CallReceiver | undefined;

/** Sends calls to a receiver while `work` runs. */
export function receiving<T>(next: CallReceiver, work: () => T): T {
  const before = receiver;
  receiver = next;
  try {
    return work();
  } finally {
    receiver = before;
  }
}

/** The definition behind what `component()` or `pipeline()` gave back; undefined for anything else. */
export function definitionOf(value: unknown): Definition | undefined {
  return typeof value === 'function' ? definitions.get(value) : undefined;
}

function callable(definition: Definition): unknown {
  const call = (inputs: unknown, options: unknown): unknown => {
    if (receiver === undefined)
      throw new UserError('FER2026', {
        problem: `"${nameOf(definition)}" is called outside a pipeline's function`,
        fix: 'call it inside pipeline(..., () => { ... })',
      });
    return receiver.task(definition, inputs, options);
  };
  definitions.set(call, definition);
  return call;
}

function nameOf(definition: Definition): string {
  switch (definition.kind) {
    case 'pipeline':
      return nameOfPipeline(definition.options);
    case 'claim':
      return definition.name;
    default:
      return definition.mark.name;
  }
}

/** Finds who receives a call that means something only in a pipeline's function. */
function flow(name: string): FlowReceiver {
  if (receiver !== undefined) return receiver.flow;
  throw new UserError('FER2026', {
    problem: `${name}() is called outside a pipeline's function`,
    fix: 'call it inside pipeline(..., () => { ... })',
  });
}

function comparison(name: string, operator: ComparisonOperator) {
  return (left: unknown, right: unknown) => flow(name).compare(name, operator, left, right);
}

let loadsDocuments = false;

/** Tells whether a module that was loaded has components whose documents must be read. */
export function needsDocuments(): boolean {
  return loadsDocuments;
}

const sdk = {
  component: (options: unknown, mark: ComponentMark) => callable({ kind: 'component', options, mark }),
  container: (mark: ComponentMark, define: unknown) => callable({ kind: 'container', define, mark }),
  loadComponent: (mark: ComponentMark, file: unknown, from: unknown) => {
    loadsDocuments = true;
    return callable({ kind: 'loaded', file, from, mark });
  },
  createPvc: callable({ kind: 'claim', name: 'createPvc' }),
  deletePvc: callable({ kind: 'claim', name: 'deletePvc' }),
  importer: (mark: RequiredMark | null, options: unknown, task: unknown): unknown => {
    if (receiver === undefined)
      throw new UserError('FER2026', {
        problem: "an importer is called outside a pipeline's function",
        fix: 'call it inside pipeline(..., () => { ... })',
      });
    return receiver.importer(mark, options, task);
  },
  eq: comparison('eq', '=='),
  ne: comparison('ne', '!='),
  gt: comparison('gt', '>'),
  gte: comparison('gte', '>='),
  lt: comparison('lt', '<'),
  lte: comparison('lte', '<='),
  and: (...parts: readonly unknown[]) => flow('and').join('and', parts),
  or: (...parts: readonly unknown[]) => flow('or').join('or', parts),
  not: (condition: unknown) => flow('not').not(condition),
  when: (condition: unknown, body: unknown, options: unknown) => flow('when').when(condition, body, options),
  oneOf: (branches: unknown) => flow('oneOf').oneOf(branches),
  forEach: (items: unknown, body: unknown, options: unknown) => flow('forEach').forEach(items, body, options),
  collect: (loop: unknown) => flow('collect').collect(loop),
  onExit: (task: unknown, body: unknown, options: unknown) => flow('onExit').onExit(task, body, options),
  concat,
  ifPresent,
  executorInput,
  run,
  pipeline: (options: unknown, params: unknown, body: unknown, mark?: PipelineMark) =>
    callable({ kind: 'pipeline', options, params, body, mark }),
  int: (value: number) => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`int(${value}): not a whole number within ±2^53`);
    return new IntValue(value);
  },
  required: (mark?: RequiredMark) => new RequiredValue(mark, false),
  optional: (mark?: RequiredMark) => new RequiredValue(mark, true),
  asset: (path: string) => path,
  artifact: () => {
    throw new TaskError('artifact() is for running a component alone, in a test');
  },
  TaskError,
};

/** The names a module may import from `ferrule`. */
export const sdkExports: readonly string[] = Object.keys(sdk);

/** Makes the SDK visible to trace modules, which find it by this symbol. */
export function publishSdk(): void {
  Reflect.set(globalThis, Symbol.for('ferrule.trace'), sdk);
}
