/** Conditions: what decides, when the pipeline runs, whether a branch does. */
import { calledOutside } from './called-outside.ts';
import type { Integer, Ref } from './values.ts';

declare const decides: unique symbol;

/** A comparison, or several joined. It has no value while the pipeline is compiled: `when` takes it. */
export interface Condition {
  readonly [decides]: true;
}

/** What a condition may be made of: a condition, or a Ref that is true or false by itself. */
export type Truth = Condition | Ref<boolean>;

/** One side of a comparison. */
type Side = string | number | boolean | Ref<string> | Ref<number> | Ref<Integer> | Ref<boolean>;
type OrderedSide = Exclude<Side, boolean | Ref<boolean>>;

type NumberRef = Ref<number> | Ref<Integer>;

/** What may be compared with a side: the same kind of value. Of two constants the answer is known already. */
type Peer<A> = A extends string
  ? Ref<string>
  : A extends number
    ? NumberRef
    : A extends boolean
      ? Ref<boolean>
      : A extends Ref<infer T>
        ? [T] extends [string]
          ? T | Ref<string>
          : [T] extends [boolean]
            ? boolean | Ref<boolean>
            : number | NumberRef
        : never;

/** Holds where both sides are the same: `eq(mode, 'full')`. */
export function eq<A extends Side>(_left: A, _right: Peer<A>): Condition {
  return calledOutside('eq');
}

/** Holds where the sides differ. */
export function ne<A extends Side>(_left: A, _right: Peer<A>): Condition {
  return calledOutside('ne');
}

/** Holds where the left side is greater: `gt(accuracy, 0.9)`. Texts compare by their characters' codes. */
export function gt<A extends OrderedSide>(_left: A, _right: Peer<A>): Condition {
  return calledOutside('gt');
}

/** Holds where the left side is greater or the same. */
export function gte<A extends OrderedSide>(_left: A, _right: Peer<A>): Condition {
  return calledOutside('gte');
}

/** Holds where the left side is less. */
export function lt<A extends OrderedSide>(_left: A, _right: Peer<A>): Condition {
  return calledOutside('lt');
}

/** Holds where the left side is less or the same. */
export function lte<A extends OrderedSide>(_left: A, _right: Peer<A>): Condition {
  return calledOutside('lte');
}

/** Holds where all of its conditions do. */
export function and(_first: Truth, ..._others: readonly Truth[]): Condition {
  return calledOutside('and');
}

/** Holds where one of its conditions does, or more. */
export function or(_first: Truth, ..._others: readonly Truth[]): Condition {
  return calledOutside('or');
}

/** Holds where its condition does not. */
export function not(_condition: Truth): Condition {
  return calledOutside('not');
}
