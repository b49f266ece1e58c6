/** Types of the values that flow between tasks. */
import type { Artifact } from './artifacts.ts';
import type { FinalStatus } from './control-flow.ts';
import type { TaskConfig } from './task-config.ts';
import type { TaskOptions } from './task-options.ts';

declare const is: unique symbol;
declare const of: unique symbol;
declare const need: unique symbol;
declare const may: unique symbol;

/** A whole number within ±2^53. The brand is weak: `epochs = 10` and `epochs: 10` stay legal. */
export type Int = number & { readonly [is]?: 'Int' };

/** What a Ref to an Int refers to. The brand is strong: a `Ref<number>` does not pass for it. */
export interface Integer {
  readonly [is]: 'Int';
}

/** A value that exists only when the pipeline runs: pass it on, or put it in a template string. */
export interface Ref<T> {
  readonly [of]: () => T;
  toString(): string;
}

/** What cannot be taken apart through its Ref. */
type Whole = Artifact | string | number | boolean | Integer | null | undefined | readonly unknown[];

/**
 * The Ref to a value of a declared type. Where that is an object, its fields are there too, each a Ref: `item.name`.
 * Written at the places that hand out Refs, so that `Ref` itself stays plain.
 */
export type RefOf<T> = [T] extends [Whole]
  ? Ref<Known<T>>
  : [T] extends [object]
    ? Ref<T> & { readonly [K in keyof T]-?: RefOf<Exclude<T[K], undefined>> }
    : Ref<Known<T>>;

/** A constant whole number is an `Int`, and a number too. */
type WholeNumber = number & Integer;

/**
 * Sees a constant as a declared type, also inside lists and objects. A number that is not written out where it is used
 * may be whole: as with inputs, the compiler looks at constants themselves.
 */
type Declared<T> = [T] extends [Integer]
  ? T
  : [T] extends [number]
    ? typeof is extends keyof T
      ? T
      : [number] extends [T]
        ? WholeNumber
        : [`${T}`] extends [`${bigint}`]
          ? WholeNumber
          : number
    : [T] extends [readonly unknown[]]
      ? readonly Declared<T[number]>[]
      : [T] extends [Artifact | string | boolean | null | undefined]
        ? T
        : [T] extends [object]
          ? { readonly [K in keyof T]: Declared<T[K]> }
          : T;

/** What the function of a loop sees of an item. */
export type ItemOf<L> =
  L extends Ref<infer T>
    ? T extends readonly (infer E)[]
      ? RefOf<E>
      : never
    : L extends readonly (infer E)[]
      ? RefOf<Declared<E>>
      : never;

/** Types of inputs that a run fills by itself. */
export type FilledByRun = FinalStatus | TaskConfig;

/** A pipeline parameter without a default: whoever starts a run must give it. */
export interface Required<T> {
  readonly [need]: () => T;
}

/** A pipeline parameter without a default that need not be given. */
export interface Optional<T> {
  readonly [may]: () => T;
}

/** How a declared type is seen through a Ref: `Int` becomes `Integer`, also inside lists. */
type Known<T> = T extends readonly (infer E)[]
  ? readonly Known<E>[]
  : [number] extends [T]
    ? typeof is extends keyof T
      ? Integer
      : number
    : T;

/** What may be passed for an input of type T. */
export type Arg<T> = [T] extends [Artifact | readonly Artifact[]] ? Ref<T> : T | Ref<Known<T>>;

/** The inputs of a task, from the inputs of a component. Homomorphic: keeps `?` and JSDoc. */
export type Args<I> = {
  readonly [K in keyof I as [Exclude<I[K], undefined>] extends [FilledByRun] ? never : K]: Arg<
    Exclude<I[K], undefined>
  >;
};

/** What a task is called with: inputs that need not be given may be left out as a whole. */
export type Given<A> =
  Partial<A> extends A ? [inputs?: A, options?: TaskOptions] : [inputs: A, options?: TaskOptions];

type Bare = string | number | boolean | readonly unknown[];

// oxlint-disable-next-line typescript/no-empty-object-type -- a component without outputs has none
type NoOutputs = {};

/** The output parameters that a component's return type stands for; a bare value is called `Output`. */
type Returned<R> = [R] extends [void]
  ? NoOutputs
  : [R] extends [Bare]
    ? { readonly Output: RefOf<R> }
    : { readonly [K in keyof R]-?: RefOf<Exclude<R[K], undefined>> };

type Flat<T> = { readonly [K in keyof T]: T[K] };

/** All outputs of a component: its output artifacts and what it returns. */
export type Outs<O, R> = Flat<{ readonly [K in keyof O]: Ref<O[K]> } & Returned<Awaited<R>>>;
