/** Reads a pipeline's parameters: their types from their default values. */
import type { JsonValue } from '../../spec/index.ts';
import type { ValueType } from '../interfaces/component-interface.ts';
import { isPlainObject } from '../options/option-reader.ts';
import { IntValue, RequiredValue, type PipelineDefinition } from './trace-sdk.ts';
import type { TracedParameter } from './traced-task.ts';
import type { TraceContext } from './trace-context.ts';

/** A parameter whose fault was reported. */
export interface BrokenParameter {
  readonly name: string;
  readonly type: undefined;
}

/** Lists a pipeline's parameters; what is malformed is reported. */
export function tracedParameters(
  definition: PipelineDefinition,
  context: TraceContext,
): (TracedParameter | BrokenParameter)[] {
  const { mark } = definition;
  const at = (name?: string) =>
    mark === undefined
      ? { file: '' }
      : context.placeAt(mark.file, (name === undefined ? undefined : mark.params[name]?.start) ?? mark.start);
  if (!isPlainObject(definition.params)) {
    context.diagnostics.add('FER2025', {
      at: at(),
      problem: 'the parameters of a pipeline are an object of default values',
      fix: "write: pipeline('name', { rate: 0.1 }, ({ rate }) => { ... })",
    });
    return [];
  }
  return Object.entries(definition.params).map(([name, value]) => {
    const broken = { name, type: undefined };
    const description = mark?.params[name]?.description;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      context.diagnostics.add('FER2025', {
        at: at(name),
        problem: `"${name}" cannot name a parameter`,
        fix: 'use letters, digits and _',
      });
      return broken;
    }
    const common = { name, ...(description !== undefined && { description }) };
    if (value instanceof RequiredValue) {
      if (value.mark !== undefined) {
        const type = context.requiredType(value.mark);
        if (type?.kind === 'taskConfig') {
          context.diagnostics.add('FER2042', {
            at: at(name),
            problem: `the parameter "${name}" is a TaskConfig, which is filled for components alone`,
            fix: 'leave it out: an input of a component that is of this type is filled by itself',
          });
          return broken;
        }
        return type === undefined
          ? broken
          : { ...common, type, optional: value.optional || type.kind === 'finalStatus' };
      }
      context.diagnostics.add('FER2010', {
        at: at(name),
        problem: `the parameter "${name}" does not say its type`,
        fix: `write it out: ${value.optional ? 'optional' : 'required'}<string>()`,
      });
      return broken;
    }
    const found = typeOfDefault(value);
    if (found !== undefined) return { ...common, type: found.type, optional: true, default: found.value };
    context.diagnostics.add('FER2025', {
      at: at(name),
      problem: `the default of the parameter "${name}" is no text, number, boolean, list or object`,
      fix: 'give a JSON value, int(...) for whole numbers, required<T>() or optional<T>()',
    });
    return broken;
  });
}

interface TypedValue {
  readonly type: ValueType;
  readonly value: JsonValue;
}

function typeOfDefault(value: unknown): TypedValue | undefined {
  if (typeof value === 'string') return { type: { kind: 'string' }, value };
  if (typeof value === 'boolean') return { type: { kind: 'boolean' }, value };
  if (value instanceof IntValue) return { type: { kind: 'integer' }, value: value.valueOf() };
  if (typeof value === 'number')
    return Number.isFinite(value) ? { type: { kind: 'number' }, value } : undefined;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => typeOfDefault(item));
    if (items.includes(undefined)) return undefined;
    const known = items.filter((item) => item !== undefined);
    return { type: { kind: 'list', element: common(known) }, value: known.map((item) => item.value) };
  }
  if (!isPlainObject(value)) return undefined;
  const fields = Object.entries(value).map(([name, field]) => [name, typeOfDefault(field)] as const);
  if (fields.some(([, field]) => field === undefined)) return undefined;
  const known = fields.flatMap(([name, field]) => (field === undefined ? [] : [[name, field] as const]));
  return {
    // A default is one value of its type, which is known to the type checker alone: others may have other fields.
    type: {
      kind: 'struct',
      fields: Object.fromEntries(known.map(([name, { type }]) => [name, { type, optional: true }])),
      values: { kind: 'any' },
    },
    value: Object.fromEntries(known.map(([name, field]) => [name, field.value])),
  };
}

function common(items: readonly TypedValue[]): ValueType {
  const first = items[0]?.type;
  if (first === undefined) return { kind: 'any' };
  return items.every(({ type }) => JSON.stringify(type) === JSON.stringify(first)) ? first : { kind: 'any' };
}
