/** What `import ... from 'ferrule'` stands for while a pipeline is traced. */
import { TaskError, UserError } from '../../errors/index.ts';
import type { ComponentMark, PipelineMark, RequiredMark } from '../source-pass/trace-source.ts';

/** Receives the calls of a pipeline's function. */
export interface CallReceiver {
  task(definition: Definition, inputs: unknown, options: unknown): unknown;
}

/** What a task can be made of by a call. */
export type Definition = ComponentDefinition | PipelineDefinition;

export interface ComponentDefinition {
  readonly kind: 'component';
  readonly options: unknown;
  readonly mark: ComponentMark;
}

export interface PipelineDefinition {
  readonly kind: 'pipeline';
  readonly name: unknown;
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

  constructor(mark: RequiredMark | undefined) {
    this.mark = mark;
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
  return definition.kind === 'component' ? definition.mark.name : String(definition.name);
}

const sdk = {
  component: (options: unknown, mark: ComponentMark) => callable({ kind: 'component', options, mark }),
  pipeline: (name: unknown, params: unknown, body: unknown, mark?: PipelineMark) =>
    callable({ kind: 'pipeline', name, params, body, mark }),
  int: (value: number) => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`int(${value}): not a whole number within ±2^53`);
    return new IntValue(value);
  },
  required: (mark?: RequiredMark) => new RequiredValue(mark),
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
