/** Reads an options object whose types nobody has checked at run time, reporting each fault at the options' place. */
import type { Location } from '../../errors/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { holdsRef } from '../trace/template.ts';
import { IntValue } from '../trace/trace-sdk.ts';

/** An element of a list of options. */
export interface OptionEntry {
  /** The list, whose options are named by their index. */
  readonly list: OptionReader;
  readonly index: string;
  /** Reads the element as an object. */
  readonly reader: () => OptionReader;
}

export class OptionReader {
  readonly #values: object;
  readonly #at: () => Location;
  readonly #diagnostics: Diagnostics;
  readonly #prefix: string;

  constructor(values: unknown, at: () => Location, diagnostics: Diagnostics, prefix = '') {
    this.#at = at;
    this.#diagnostics = diagnostics;
    this.#prefix = prefix;
    if (values !== undefined && !isPlainObject(values)) this.fault('', 'must be an object', 'write { ... }');
    this.#values = isPlainObject(values) ? values : {};
  }

  /** Reports a fault of one option. */
  fault(option: string, problem: string, fix: string): void {
    this.#diagnostics.add('FER2017', {
      at: this.#at(),
      problem: `${this.#name(option)} ${problem}`,
      fix,
    });
  }

  #name(option: string): string {
    const parts = [this.#prefix, option].filter((part) => part !== '').join('.');
    const name = parts.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
    return name === '' ? 'the options' : `the option "${name}"`;
  }

  get(option: string): unknown {
    const value: unknown = Reflect.get(this.#values, option);
    return value instanceof IntValue ? value.valueOf() : value;
  }

  text(option: string): string | undefined {
    return this.#typed(option, 'a text', (value) => typeof value === 'string');
  }

  flag(option: string): boolean | undefined {
    return this.#typed(option, 'true or false', (value) => typeof value === 'boolean');
  }

  number(option: string): number | undefined {
    return this.#typed(option, 'a number', (value) => typeof value === 'number' && Number.isFinite(value));
  }

  texts(option: string): readonly string[] {
    const isList = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((item) => typeof item === 'string');
    return this.#typed(option, 'a list of texts', isList) ?? [];
  }

  /** Reads a record of constant texts. */
  textMap(option: string): Readonly<Record<string, string>> {
    const isMap = (value: unknown): value is Record<string, string> =>
      isPlainObject(value) && Object.values(value).every((item) => typeof item === 'string');
    return this.#typed(option, 'an object of constant texts', isMap) ?? {};
  }

  nested(option: string): OptionReader | undefined {
    const value = this.get(option);
    return value === undefined ? undefined : this.#inside(value, option);
  }

  /** Reads a list of objects. */
  list(option: string): OptionReader[] {
    return this.entries(option).map((entry) => entry.reader());
  }

  /** Reads a list whose elements may be more than objects: each as an option of the list, by its index. */
  entries(option: string): OptionEntry[] {
    const value = this.get(option);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.fault(option, 'must be a list', 'write [ ... ]');
      return [];
    }
    const list = this.#inside(Object.fromEntries(Object.entries(value)), option);
    return value.map((item: unknown, index) => ({
      list,
      index: `${index}`,
      reader: () => list.#inside(item, `${index}`),
    }));
  }

  #inside(value: unknown, option: string): OptionReader {
    const prefix = this.#prefix === '' ? option : `${this.#prefix}.${option}`;
    return new OptionReader(value, this.#at, this.#diagnostics, prefix);
  }

  /** Reports options that do not exist: a misspelt one must not be lost in silence. */
  refuseOthers(known: readonly string[]): void {
    for (const option of Object.keys(this.#values))
      if (!known.includes(option)) this.fault(option, 'does not exist', `known are ${known.join(', ')}`);
  }

  #typed<T>(option: string, what: string, is: (value: unknown) => value is T): T | undefined;
  #typed(option: string, what: string, is: (value: unknown) => boolean): undefined;
  #typed(option: string, what: string, is: (value: unknown) => boolean): unknown {
    const value = this.get(option);
    if (value === undefined || (is(value) && !holdsAnyRef(value))) return value;
    this.fault(option, `must be ${what}`, `write ${what}; what a run decides cannot be an option`);
    return undefined;
  }
}

/** Whether a text, or one of a list or object, has a Ref inside. */
function holdsAnyRef(value: unknown): boolean {
  if (typeof value === 'string') return holdsRef(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsAnyRef);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is an object of plain JSON, without Refs. */
export function isJsonObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return isPlainObject(value) && Object.values(value).every((field) => isJson(field));
}

function isJson(value: unknown): value is JsonValue {
  if (typeof value === 'string') return !holdsRef(value);
  if (Array.isArray(value)) return value.every((item) => isJson(item));
  return value === null || ['number', 'boolean'].includes(typeof value) || isJsonObject(value);
}
