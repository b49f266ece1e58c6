import { UserError } from '../errors/index.ts';
import type { JsonValue } from '../spec/json.ts';
import type { Duration, Task } from './task-options.ts';
import type { Arg, FilledByRun, Given, Int, Optional, Ref, RefOf, Required } from './values.ts';

type Refs<P> = { readonly [K in keyof P]: RefOf<Declared<P[K]>> };

/** The type of a parameter, from its default or from what stands in its place. */
type Declared<V> = V extends Required<infer T> ? T : V extends Optional<infer T> ? T : V;

type Shape<P> = {
  readonly [
    K in keyof P as P[K] extends Required<FilledByRun> ? never : P[K] extends Required<unknown> ? K : never
  ]: P[K] extends Required<infer T> ? Arg<T> : never;
} & { readonly [K in keyof P as P[K] extends Required<unknown> ? never : K]?: Arg<Declared<P[K]>> };

/** The inputs of a pipeline that is a task. Written as one type, so that errors show it by this name. */
type Params<P> = { readonly [K in keyof Shape<P>]: Shape<P>[K] };

/** What a pipeline may give back: named outputs of its tasks. */
type PipelineOutputs = Readonly<Record<string, Ref<unknown>>>;

type Sync<O> =
  O extends PromiseLike<unknown>
    ? { readonly ERROR: 'a pipeline function is traced: it cannot be async' }
    : O;

/** A folder that all tasks of a run share: `run.workspacePath`. */
export interface Workspace {
  /** Storage to ask for, such as `'10Gi'`. */
  readonly size: string;
  readonly kubernetes?: {
    /** Fields of the volume claim's spec, such as `storageClassName` or `accessModes`. */
    readonly pvcSpecPatch?: Readonly<Record<string, JsonValue>>;
  };
}

export interface PipelineOptions {
  /** Lower-case letters, digits and `-`, at most 128. */
  readonly name: string;
  /** Name shown to people. */
  readonly displayName?: string;
  /** Where runs keep their artifacts, unless whoever starts one says otherwise. */
  readonly root?: string;
  readonly workspace?: Workspace;
  /** How long KFP's backend keeps the objects of a run in the cluster after it ended. @default the backend's */
  readonly ttl?: {
    readonly onCompletion?: Duration;
    readonly onSuccess?: Duration;
    readonly onFailure?: Duration;
  };
  /** Ends a run that takes longer. */
  readonly deadline?: Duration;
}

/** A pipeline: what `ferrule compile` and `ferrule run` take, and what another pipeline may call as a task. */
export type Pipeline<A, Out> = (...given: Given<A>) => Task<Out>;

/**
 * Makes a pipeline of a function that wires tasks. `params` holds the parameters with their default values; the
 * function sees a Ref for each. It runs once, when the pipeline is compiled, and never when a run does.
 * @param options its name (lower-case letters, digits and `-`, at most 128), or all its settings
 */
export function pipeline<P extends object, O extends PipelineOutputs | PromiseLike<unknown> | void = void>(
  options: string | PipelineOptions,
  params: P,
  body: (params: Refs<P>) => Sync<O>,
): Pipeline<Params<P>, O> {
  const definition = (): never => {
    throw new UserError('FER2026', {
      problem: `the pipeline "${typeof options === 'string' ? options : options.name}" was called outside a pipeline`,
      fix: 'run it with `ferrule run`',
    });
  };
  definition.params = params;
  definition.body = body;
  return definition;
}

/** Marks a pipeline parameter that has no default. */
export function required<T>(): Required<T> {
  return { required: true } as unknown as Required<T>;
}

/**
 * Marks a pipeline parameter that need not be given and has no default: `note: optional<string>()`. Pass it to inputs
 * that need not be given either; where a run has no value for it, they get none.
 */
export function optional<T>(): Optional<T> {
  return { optional: true } as unknown as Optional<T>;
}

/**
 * Makes a default value an integer: `epochs: int(10)`.
 * @throws RangeError for anything that is no whole number within ±2^53
 */
export function int(value: number): Int {
  if (!Number.isSafeInteger(value)) throw new RangeError(`int(${value}): not a whole number within ±2^53`);
  return value;
}
