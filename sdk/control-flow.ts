/** Branches, loops and exit tasks of a pipeline. */
import type { Artifact } from './artifacts.ts';
import { calledOutside } from './called-outside.ts';
import type { Truth } from './conditions.ts';
import type { Task } from './task-options.ts';
import type { ItemOf, Ref } from './values.ts';

declare const gives: unique symbol;

export interface GroupOptions {
  /** Name shown to people. @default the group's name, such as `for-loop-1` */
  readonly name?: string;
}

export interface LoopOptions extends GroupOptions {
  /** Iterations that run at a time. @default no limit */
  readonly parallelism?: number;
}

/** What the function of a branch or loop gives. Such a function is traced once, as that of the pipeline. */
type Traced<R> =
  R extends PromiseLike<unknown>
    ? { readonly ERROR: 'the function of a branch or loop is traced: it cannot be async' }
    : R;

/** A branch that may be followed by others. */
export interface When<R> {
  readonly [gives]: { readonly branch: R };
  /** Adds a branch that runs where its condition holds and none of the branches before ran. */
  elseWhen<S>(condition: Truth, body: () => Traced<S>, options?: GroupOptions): When<R | S>;
  /** Adds the branch that runs where none of the others did. */
  otherwise<S>(body: () => Traced<S>, options?: GroupOptions): Branches<R | S>;
}

/** Branches of which exactly one runs. `oneOf` gives what it gave. */
export interface Branches<R> {
  readonly [gives]: { readonly oneOf: R };
}

/** Tasks that run once for each item. `collect` gives what they gave, as lists. */
export interface Loop<R> {
  readonly [gives]: { readonly each: R };
}

/**
 * Runs tasks only where a condition holds. What they give stays inside; of branches that end with `otherwise`, `oneOf`
 * takes it out.
 *
 * @example when(gt(accuracy, 0.9), () => deploy({ model })).otherwise(() => notify({ accuracy }))
 */
export function when<R>(_condition: Truth, _body: () => Traced<R>, _options?: GroupOptions): When<R> {
  return calledOutside('when');
}

/** What branches give, whichever of them ran. */
type Chosen<R> = [R] extends [Task<infer O>] ? O : R;

/** What a branch may give for `oneOf`: a task, an output, or an object of outputs. */
type Choosable = Task<unknown> | Ref<unknown> | Readonly<Record<string, Ref<unknown>>>;

/**
 * Takes the outputs of the branch that ran. All branches must give the same: tasks with outputs of the same names and
 * types, single outputs, or objects of them.
 */
export function oneOf<R extends Choosable>(_branches: Branches<R>): Chosen<R> {
  return calledOutside('oneOf');
}

/**
 * Runs tasks once for each item, side by side.
 * @param items a constant list, a Ref to a list, or a Ref to a list of artifacts
 * @param body sees a Ref to the item; of an object, to its fields too: `item.name`
 *
 * @example forEach([0.1, 0.01], (rate) => train({ rate }), { parallelism: 2 })
 */
export function forEach<const L extends readonly unknown[] | Ref<readonly unknown[]>, R>(
  _items: L,
  _body: (item: ItemOf<L>) => Traced<R>,
  _options?: LoopOptions,
): Loop<R> {
  return calledOutside('forEach');
}

/** The Ref to the list that a value of a loop becomes. Artifacts of nested loops are one flat list. */
type Listed<V> =
  V extends Ref<infer T>
    ? [T] extends [Artifact]
      ? Ref<readonly T[]>
      : [T] extends [readonly Artifact[]]
        ? Ref<T>
        : Ref<readonly T[]>
    : never;

/** The outputs of a loop's tasks, as lists. */
export type Collected<R> = [R] extends [Task<infer O>]
  ? { readonly [K in keyof O]: Listed<O[K]> }
  : [R] extends [Ref<unknown>]
    ? Listed<R>
    : [R] extends [Loop<infer I>]
      ? Relisted<Collected<I>>
      : [R] extends [When<infer I>]
        ? Collected<I>
        : [R] extends [Branches<infer I>]
          ? Collected<I>
          : { readonly [K in keyof R]: Listed<R[K]> };

type Relisted<C> = [C] extends [Ref<unknown>] ? Listed<C> : { readonly [K in keyof C]: Listed<C[K]> };

/**
 * Takes the outputs of a loop's tasks out of it, as lists in the order of the items. Lists of nested loops nest;
 * artifacts are one flat list. Of a branch there are only those of the iterations in which it ran.
 */
export function collect<R extends Choosable | Loop<unknown> | When<unknown> | Branches<unknown>>(
  _loop: Loop<R>,
): Collected<R> {
  return calledOutside('collect');
}

/**
 * Runs a task after others whatever happened to them, also after a failure or a cancel.
 * @param task made before, in the pipeline's function itself; it may have a `FinalStatus` input
 */
export function onExit<R>(_task: Task<unknown>, _body: () => Traced<R>, _options?: GroupOptions): R {
  return calledOutside('onExit');
}

/** Tells how tasks ended. A component's input of this type is never passed: a run fills it. */
export interface FinalStatus {
  readonly state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'SKIPPED';
  /** The task, or group of tasks, that ended. */
  readonly pipelineTaskName: string;
  readonly pipelineJobResourceName: string;
  /** Empty after a success. */
  readonly error: { readonly code?: number; readonly message?: string };
}
