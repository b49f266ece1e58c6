/** Checks JSON against the messages of the schema: strictly, and all of it in one go. */
import { messages, type Kind, type Message } from './schema.ts';

/** Something that is wrong at a path of a document. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  /** Whether the key at the end of the path is wrong, not its value. */
  readonly isKey?: boolean;
  readonly fix?: string;
}

/** Lists what is wrong with a value as a message of the schema. */
export function validate(value: unknown, message: string): Fault[] {
  const faults: Fault[] = [];
  check(value, { message }, [], faults);
  return faults;
}

type Path = readonly (string | number)[];

function check(value: unknown, kind: Kind, path: Path, faults: Fault[]): void {
  if (typeof kind === 'string') {
    const wanted = scalarFault(value, kind);
    if (wanted !== undefined)
      faults.push({ path, problem: `${shown(path)} must be ${wanted}, not ${described(value)}` });
  } else if ('oneOfTexts' in kind) {
    if (typeof value !== 'string' || !kind.oneOfTexts.includes(value))
      faults.push({
        path,
        problem: `${shown(path)} must be one of ${kind.oneOfTexts.join(', ')}, not ${described(value)}`,
      });
  } else if ('listOf' in kind) {
    if (Array.isArray(value))
      value.forEach((item, index) => check(item, kind.listOf, [...path, index], faults));
    else faults.push({ path, problem: `${shown(path)} must be a list, not ${described(value)}` });
  } else if (!isObject(value))
    faults.push({ path, problem: `${shown(path)} must be a map, not ${described(value)}` });
  else if ('mapOf' in kind)
    for (const [key, field] of Object.entries(value)) check(field, kind.mapOf, [...path, key], faults);
  else checkMessage(value, messages[kind.message], path, faults);
}

function checkMessage(
  value: Readonly<Record<string, unknown>>,
  message: Message | undefined,
  path: Path,
  faults: Fault[],
): void {
  const { fields = {}, required = [], exclusive = [] } = message ?? {};
  for (const [key, field] of Object.entries(value)) {
    const kind = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (kind !== undefined) check(field, kind, [...path, key], faults);
    else
      faults.push({
        path: [...path, key],
        isKey: true,
        problem: `${shown(path)} has no field "${key}"`,
        fix: `its fields are ${Object.keys(fields).join(', ')}`,
      });
  }
  for (const key of required)
    if (value[key] === undefined) faults.push({ path, problem: `${shown(path)} lacks the field "${key}"` });
  for (const group of exclusive) {
    const set = group.filter((key) => value[key] !== undefined);
    if (set.length > 1)
      faults.push({
        path,
        problem: `${shown(path)} has ${set.join(' and ')}, of which one alone may be set`,
      });
  }
}

function scalarFault(value: unknown, kind: Extract<Kind, string>): string | undefined {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? undefined : 'a text';
    case 'bool':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'double':
      return typeof value === 'number' ? undefined : 'a number';
    case 'int32':
      return Number.isInteger(value) ? undefined : 'a whole number';
    case 'int64':
      return Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
        ? undefined
        : 'a whole number';
    case 'duration':
      return typeof value === 'string' && /^-?\d+(?:\.\d+)?s$/.test(value)
        ? undefined
        : 'a duration such as 30s';
    case 'object':
      return isObject(value) ? undefined : 'a map';
    case 'value':
      return value === undefined ? 'a value' : undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(path: Path): string {
  return path.length === 0 ? 'the document' : path.join('.');
}

function described(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
