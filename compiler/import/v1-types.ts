/** Types and defaults of KFP 1's components, as KFP 2 takes them. Source: kfp/dsl/types/type_utils.py. */
import type { ArtifactTypeSchema, JsonValue, ParameterType } from '../../spec/index.ts';
import { pythonRepr } from '../../spec/python-repr.ts';

export type V1Type =
  | { readonly kind: 'parameter'; readonly type: ParameterType }
  | { readonly kind: 'artifact'; readonly type: ArtifactTypeSchema };

const parameterTypes: Readonly<Record<string, ParameterType>> = {
  integer: 'NUMBER_INTEGER',
  int: 'NUMBER_INTEGER',
  double: 'NUMBER_DOUBLE',
  float: 'NUMBER_DOUBLE',
  string: 'STRING',
  str: 'STRING',
  text: 'STRING',
  bool: 'BOOLEAN',
  boolean: 'BOOLEAN',
  dict: 'STRUCT',
  list: 'LIST',
  jsonobject: 'STRUCT',
  jsonarray: 'LIST',
};

const artifactTitles: Readonly<Record<string, string>> = {
  artifact: 'system.Artifact',
  model: 'system.Model',
  dataset: 'system.Dataset',
  metrics: 'system.Metrics',
  classificationmetrics: 'system.ClassificationMetrics',
  slicedclassificationmetrics: 'system.SlicedClassificationMetrics',
  html: 'system.HTML',
  markdown: 'system.Markdown',
};

/**
 * Tells what a type of KFP 1 is in KFP 2: a parameter, or an artifact, which is also what has no type, or one of its own.
 * @param type a name, or a map whose one key is a name and which KFP 2 does not look into
 */
export function typeOfV1(type: JsonValue | undefined): V1Type {
  if (typeof type !== 'string') return artifact('system.Artifact');
  if (type === 'PipelineTaskFinalStatus') return { kind: 'parameter', type: 'TASK_FINAL_STATUS' };
  const name = outerName(type);
  const parameter = ownEntry(parameterTypes, name.toLowerCase());
  if (parameter !== undefined) return { kind: 'parameter', type: parameter };
  if (/^google\.[A-Za-z]+$/.test(name)) return artifact(name);
  return artifact(ownEntry(artifactTitles, name.toLowerCase()) ?? 'system.Artifact');
}

function artifact(schemaTitle: string): V1Type {
  return { kind: 'artifact', type: { schemaTitle, schemaVersion: '0.0.1' } };
}

/** `List` of `typing.List[str]`. */
function outerName(type: string): string {
  const name = type.replace(/^typing\./, '');
  return /^(?:list|dict)/i.test(name) ? (name.split('[')[0] ?? name) : name;
}

export type V1Default =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'malformed'; readonly problem: string };

/**
 * Reads a default, which KFP 1 writes as text, as a value of its type. A type with an element type, such as `List[str]`, leaves it a text.
 * @param source how the default is written in the file
 */
export function defaultOfV1(
  type: JsonValue | undefined,
  value: JsonValue,
  source: string | undefined,
): V1Default {
  const wanted = typeof type === 'string' ? ownEntry(parameterTypes, type.toLowerCase()) : undefined;
  const read = wanted === undefined ? value : readers[wanted]?.(value, source);
  if (read !== undefined) return { kind: 'value', value: read };
  return {
    kind: 'malformed',
    problem: `the default ${JSON.stringify(value)} is no ${typeof type === 'string' ? type : 'value'}`,
  };
}

type Reader = (value: JsonValue, source: string | undefined) => JsonValue | undefined;

const number: Reader = (value) => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = typeof value === 'string' ? value.trim().replaceAll(/(?<=\d)_(?=\d)/g, '') : value;
  if (typeof text !== 'string') return typeof text === 'number' && Number.isFinite(text) ? text : undefined;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
};

const readJson: Reader = (value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
};

const readers: Readonly<Partial<Record<ParameterType, Reader>>> = {
  NUMBER_DOUBLE: number,
  NUMBER_INTEGER(value, source) {
    const read = number(value, source);
    if (typeof read !== 'number') return undefined;
    // Python takes no fraction in a text, and cuts that of a number off; its whole numbers have no -0.
    return typeof value === 'string' && !/^[-+\d_\s]+$/.test(value) ? undefined : Math.trunc(read) + 0;
  },
  BOOLEAN(value) {
    if (typeof value === 'boolean') return value;
    const text = JSON.stringify(value).replaceAll('"', '').toLowerCase();
    if (['y', 'yes', 't', 'true', 'on', '1'].includes(text)) return true;
    return ['n', 'no', 'f', 'false', 'off', '0'].includes(text) ? false : undefined;
  },
  STRING(value, source) {
    if (typeof value === 'string') return value;
    const isFloat = typeof value === 'number' && source?.includes('.') === true;
    return typeof value === 'number' && !isFloat ? String(value) : pythonRepr(value);
  },
  LIST: readJson,
  STRUCT: readJson,
};

function ownEntry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
