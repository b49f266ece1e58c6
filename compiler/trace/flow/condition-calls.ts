/** Makes conditions of what `eq`, `gt`, `and` and the like are called with. */
import type { ValueType } from '../../interfaces/component-interface.ts';
import { typeText } from '../../interfaces/value-type.ts';
import type { ComparisonOperator, Condition, Operand } from './condition.ts';
import { refOf, refText, type RefObject } from '../ref.ts';
import { holdsRef } from '../template.ts';
import type { TraceContext } from '../trace-context.ts';
import { IntValue } from '../trace-sdk.ts';

const conditions = new WeakMap<object, Condition>();

/** Finds the condition behind what `eq` and the like gave; undefined for any other value. */
export function conditionOf(value: unknown): Condition | undefined {
  return typeof value === 'object' && value !== null ? conditions.get(value) : undefined;
}

/** What can be compared with what. */
type Sort = 'text' | 'number' | 'boolean';

/** Stands for a condition whose fault was reported. */
const broken: Condition = { kind: 'and', parts: [] };

export class ConditionCalls {
  readonly #context: TraceContext;

  constructor(context: TraceContext) {
    this.#context = context;
  }

  /** Makes a comparison. */
  compare(name: string, operator: ComparisonOperator, left: unknown, right: unknown): object {
    return handle(this.#comparison(name, operator, left, right));
  }

  /** Joins conditions. */
  join(kind: 'and' | 'or', given: readonly unknown[]): object {
    const parts = given.map((part) => this.read(part, kind));
    const [only] = parts;
    if (only === undefined) this.#fault(`${kind}() joins no conditions`, `write ${kind}(a, b)`);
    return handle(only !== undefined && parts.length === 1 ? only : { kind, parts });
  }

  /** Turns a condition round. */
  not(given: unknown): object {
    return handle({ kind: 'not', condition: this.read(given, 'not') });
  }

  /** Reads what stands for a condition: one that was made before, or a Ref that is true or false. */
  read(value: unknown, user: string): Condition {
    const condition = conditionOf(value);
    if (condition !== undefined) return condition;
    const ref = refOf(value);
    if (ref === undefined)
      return this.#fault(
        `${user}() needs a condition, and is given ${describe(value)}`,
        'compare a Ref: eq(x, 3); what is known when the pipeline is compiled needs no condition',
      );
    if (ref.type === undefined) return broken;
    if (ref.type.kind === 'boolean')
      return {
        kind: 'comparison',
        operator: '==',
        left: { kind: 'ref', ref },
        right: { kind: 'constant', value: true },
      };
    return this.#fault(
      `${user}() needs a condition, and is given ${refText(ref)}, which is ${typeText(ref.type)}`,
      'compare it: eq(x, 3)',
    );
  }

  #comparison(name: string, operator: ComparisonOperator, left: unknown, right: unknown): Condition {
    const sides = [left, right].map((side) => this.#operand(name, side));
    const [a, b] = sides;
    if (a === undefined || b === undefined) return broken;
    if (a.operand.kind === 'constant' && b.operand.kind === 'constant')
      return this.#fault(
        `${name}() compares two constants`,
        'one side must be a Ref: what is known when the pipeline is compiled needs no condition',
      );
    if (a.sort !== b.sort)
      return this.#fault(
        `${name}() compares ${textOf(a)} with ${textOf(b)}`,
        'both sides must be texts, numbers or booleans',
      );
    if (a.sort === 'boolean' && operator !== '==' && operator !== '!=')
      return this.#fault(`${name}() orders booleans`, 'use eq or ne');
    return { kind: 'comparison', operator, left: a.operand, right: b.operand };
  }

  #operand(name: string, value: unknown): { operand: Operand; sort: Sort } | undefined {
    const ref = refOf(value);
    if (ref !== undefined) {
      if (ref.type === undefined) return undefined;
      const sort = sortOf(ref);
      if (sort !== undefined) return { operand: { kind: 'ref', ref }, sort };
      this.#fault(
        `${name}() cannot compare ${refText(ref)}, which is ${typeText(ref.type)}`,
        'compare texts, numbers and booleans; let a component decide about the rest',
      );
      return undefined;
    }
    const plain = value instanceof IntValue ? value.valueOf() : value;
    if (typeof plain === 'string' && holdsRef(plain)) {
      this.#fault(
        `${name}() cannot compare a template text`,
        'compare the Ref itself, or let a component make the text',
      );
      return undefined;
    }
    if (typeof plain === 'string' && plain.includes('{{$.')) {
      this.#fault(
        `${name}() cannot compare a fact of the run, which conditions do not know`,
        'let a component compare it, and decide by what that gives',
      );
      return undefined;
    }
    if (typeof plain === 'string') return { operand: { kind: 'constant', value: plain }, sort: 'text' };
    if (typeof plain === 'boolean') return { operand: { kind: 'constant', value: plain }, sort: 'boolean' };
    if (typeof plain === 'number' && Number.isFinite(plain))
      return { operand: { kind: 'constant', value: plain }, sort: 'number' };
    this.#fault(`${name}() cannot compare ${describe(plain)}`, 'compare texts, numbers and booleans');
    return undefined;
  }

  #fault(problem: string, fix: string): Condition {
    this.#context.diagnostics.add('FER2028', { at: this.#context.callPlace()(), problem, fix });
    return broken;
  }
}

function handle(condition: Condition): object {
  const made = Object.freeze({});
  conditions.set(made, condition);
  return made;
}

function sortOf({ type }: RefObject): Sort | undefined {
  const sorts: Partial<Record<ValueType['kind'] | 'artifact', Sort>> = {
    string: 'text',
    choice: 'text',
    number: 'number',
    integer: 'number',
    boolean: 'boolean',
  };
  return type && sorts[type.kind];
}

function textOf({ operand, sort }: { operand: Operand; sort: Sort }): string {
  return operand.kind === 'ref'
    ? `${refText(operand.ref)} (a ${sort})`
    : `the ${sort} ${JSON.stringify(operand.value)}`;
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null)
    return 'outputs' in value ? 'a task: compare one of its outputs' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
