/** Reads an options object whose types nobody has checked at run time, reporting each fault at the options' place. */
import type { Location } from '../../errors/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { holdsRef } from '../trace/template.ts';
import { IntValue } from '../trace/trace-sdk.ts';

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
    const name = [this.#prefix, option].filter((part) => part !== '').join('.');
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
    return value === undefined ? undefined : new OptionReader(value, this.#at, this.#diagnostics, option);
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
