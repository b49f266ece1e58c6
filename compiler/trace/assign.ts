/** Checks what a task's input is given against the type that its component declares. */
import type { ErrorCode } from '../../errors/index.ts';
import { isPlainObject } from '../options/option-reader.ts';
import type { PortType, ValueType } from '../interfaces/component-interface.ts';
import { typeText } from '../interfaces/value-type.ts';
import { refOf, refText, type RefObject } from './ref.ts';
import type { Templates } from './template.ts';
import { IntValue } from './trace-sdk.ts';
import type { Binding, Constant } from './traced-task.ts';

/** Why a value does not fit. */
interface Misfit {
  readonly code: ErrorCode;
  readonly what: string;
  /** The rest of a sentence that begins with the input's name. */
  readonly problem: string;
  readonly fix: string;
}

/** Thrown and caught inside this file: the first misfit ends the check of one input. */
class MisfitFound extends Error {
  readonly misfit: Misfit;
  constructor(misfit: Misfit) {
    super(misfit.problem);
    this.misfit = misfit;
  }
}

export type Assigned =
  | { readonly kind: 'fits'; readonly binding: Binding }
  | { readonly kind: 'misfit'; readonly misfit: Misfit };

/** Checks one value. `what` is the input's name; a misfit's `what` may be a place inside its value, `sizes[1]`. */
export function assign(value: unknown, type: PortType, what: string, templates: Templates): Assigned {
  try {
    return { kind: 'fits', binding: bind(value, type, what, templates) };
  } catch (error) {
    if (error instanceof MisfitFound) return { kind: 'misfit', misfit: error.misfit };
    throw error;
  }
}

function bind(value: unknown, type: PortType, what: string, templates: Templates): Binding {
  const ref = refOf(value);
  if (ref !== undefined) {
    checkRef(ref, type, what, templates);
    return { kind: 'ref', ref };
  }
  if (type.kind === 'artifact')
    return misfit(
      what,
      type,
      describe(value),
      type.list && Array.isArray(value)
        ? 'pass one output that is a list: KFP has no form for a list of several outputs'
        : 'pass an output of a task: an artifact has no constant form',
    );
  return { kind: 'constant', value: constant(value, type, what, templates) };
}

function checkRef(ref: RefObject, type: PortType, what: string, templates: Templates): void {
  if (ref.owner !== templates)
    misfit(what, type, `${refText(ref)}, of another pipeline`, 'make it a parameter of this one');
  if (ref.type === undefined || fits(ref.type, type)) return;
  misfit(what, type, `${refText(ref)}, ${article(ref.type)}`, fixForRef(ref.type, type));
}

function fixForRef(given: PortType, wanted: PortType): string {
  if (given.kind === 'number' && wanted.kind === 'integer')
    return 'declare the value whole where it comes from: int(10) for a parameter, [int(1), int(2)] for a list of them, Int in a component';
  if (given.kind === 'artifact' && wanted.kind !== 'artifact')
    return 'pass an output parameter; an artifact is read by a component';
  return `pass ${article(wanted)}`;
}

/** Whether a value of one type may stand where another is declared. */
function fits(given: PortType, wanted: PortType): boolean {
  if (given.kind === 'artifact' || wanted.kind === 'artifact')
    return (
      given.kind === 'artifact' &&
      wanted.kind === 'artifact' &&
      given.list === wanted.list &&
      (wanted.title === 'system.Artifact' || given.title === wanted.title)
    );
  switch (wanted.kind) {
    case 'any':
      return true;
    case 'choice':
      return given.kind === 'choice' && given.values.every((value) => wanted.values.includes(value));
    case 'string':
      return given.kind === 'string' || given.kind === 'choice';
    case 'finalStatus':
    case 'taskConfig':
      return false;
    case 'list':
      // Of the items of an empty default, or of another compiler's list, nothing is known.
      return (
        given.kind === 'any' ||
        (given.kind === 'list' && (given.element.kind === 'any' || fits(given.element, wanted.element)))
      );
    case 'struct':
      return given.kind === 'any' || (given.kind === 'struct' && structFits(given, wanted));
    default:
      return given.kind === wanted.kind;
  }
}

type Struct = Extract<ValueType, { kind: 'struct' }>;

function structFits(given: Struct, wanted: Struct): boolean {
  if (wanted.fields === undefined || given.fields === undefined) return true;
  return Object.entries(wanted.fields).every(([name, field]) => {
    const own = given.fields?.[name];
    return own === undefined ? field.optional : fits(own.type, field.type);
  });
}

function constant(value: unknown, type: ValueType, what: string, templates: Templates): Constant {
  const ref = refOf(value);
  if (ref !== undefined) {
    if (ref.type?.kind === 'artifact')
      misfit(what, type, refText(ref), 'an artifact cannot be part of a list or object');
    checkRef(ref, type, what, templates);
    return { template: [ref] };
  }
  const plain = value instanceof IntValue ? value.valueOf() : value;
  switch (type.kind) {
    case 'any':
      return anyConstant(plain, what, templates);
    case 'string':
    case 'choice':
      return text(plain, type, what, templates);
    case 'number':
    case 'integer':
      return number(plain, type, what);
    case 'boolean':
      return typeof plain === 'boolean' ? plain : misfit(what, type, describe(plain), 'pass true or false');
    case 'list':
      if (!Array.isArray(plain)) return misfit(what, type, describe(plain), 'pass a list');
      return {
        list: plain.map((item, index) => constant(item, type.element, `${what}[${index}]`, templates)),
      };
    case 'struct':
      return struct(plain, type, what, templates);
    case 'finalStatus':
    case 'taskConfig':
      return misfit(what, type, describe(plain), 'leave it out: a run fills it');
  }
}

function text(plain: unknown, type: ValueType, what: string, templates: Templates): Constant {
  if (typeof plain !== 'string') return misfit(what, type, describe(plain), `pass ${article(type)}`);
  const parts = templates.parts(plain);
  if (parts === undefined)
    throw new MisfitFound({
      code: 'FER2018',
      what,
      problem: 'is given a text with a Ref inside that was cut or altered, or is of another pipeline',
      fix: 'pass the whole template; let a component change texts',
    });
  if (parts.every((part) => typeof part === 'string')) {
    if (type.kind === 'choice' && !type.values.includes(plain))
      return misfit(what, type, describe(plain), `pass ${typeText(type)}`);
    return plain;
  }
  const artifact = parts.find(
    (part): part is RefObject => typeof part !== 'string' && part.type?.kind === 'artifact',
  );
  if (artifact !== undefined)
    return misfit(
      what,
      type,
      `a template with ${refText(artifact)}`,
      'an artifact has no text: pass it as an input',
    );
  if (type.kind === 'choice')
    return misfit(
      what,
      type,
      'a template',
      `pass ${typeText(type)}: what a template becomes is not known here`,
    );
  return { template: parts };
}

function number(plain: unknown, type: ValueType, what: string): number {
  if (typeof plain !== 'number') return misfit(what, type, describe(plain), `pass ${article(type)}`);
  if (!Number.isFinite(plain)) return misfit(what, type, String(plain), 'pass a finite number');
  if (type.kind === 'integer' && !Number.isSafeInteger(plain))
    return misfit(what, type, String(plain), 'pass a whole number within ±2^53');
  return plain;
}

function struct(plain: unknown, type: Struct, what: string, templates: Templates): Constant {
  if (!isPlainObject(plain)) return misfit(what, type, describe(plain), 'pass an object');
  const fields: Record<string, Constant> = {};
  for (const [name, field] of Object.entries(type.fields ?? {}))
    if (plain[name] === undefined && !field.optional)
      misfit(what, type, `an object without "${name}"`, `add ${name}: ${typeText(field.type)}`);
  for (const [name, value] of Object.entries(plain)) {
    if (value === undefined) continue;
    const known = type.fields?.[name]?.type ?? type.values;
    if (known === undefined && type.fields !== undefined)
      misfit(what, type, `an object with "${name}"`, 'remove the field');
    fields[name] = constant(value, known ?? { kind: 'any' }, `${what}.${name}`, templates);
  }
  return { struct: fields };
}

function anyConstant(plain: unknown, what: string, templates: Templates): Constant {
  if (plain === null || typeof plain === 'boolean') return plain;
  if (typeof plain === 'string') return text(plain, { kind: 'string' }, what, templates);
  if (typeof plain === 'number') return number(plain, { kind: 'number' }, what);
  if (Array.isArray(plain))
    return constant(plain, { kind: 'list', element: { kind: 'any' } }, what, templates);
  return struct(plain, { kind: 'struct' }, what, templates);
}

function misfit(what: string, wanted: PortType, given: string, fix: string): never {
  throw new MisfitFound({
    code: 'FER2006',
    what,
    problem: `takes ${article(wanted)}, and is given ${given}`,
    fix,
  });
}

function article(type: PortType): string {
  const name = typeText(type);
  if (type.kind === 'choice') return name;
  return `${/^[AEIO]/i.test(name) ? 'an' : 'a'} ${name}`;
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null && 'outputs' in value)
    return 'a task: pass one of its outputs';
  if (value === undefined || typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  const simple = shown(value);
  if (typeof simple === 'string' && typeof value !== 'string') return simple;
  const json = JSON.stringify(simple);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** Makes a value that JSON can show: Refs in words, objects of classes by their names. */
function shown(value: unknown): unknown {
  const ref = refOf(value);
  if (ref !== undefined) return refText(ref);
  if (Array.isArray(value)) return value.map((item: unknown) => shown(item));
  if (isPlainObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shown(field)]));
  if (typeof value === 'bigint') return String(value);
  return value instanceof Object ? `a ${value.constructor.name}` : value;
}
