/** Reads the `T` of `required<T>()` from its source text. */
import { parseSync, type TSType } from 'oxc-parser';
import type { PortType, ValueType } from '../interfaces/component-interface.ts';
import { knownArtifact } from '../interfaces/known-artifacts.ts';

/** Reads a type that is written out; undefined for what is not, or not supported. */
export function readTypeText(text: string): PortType | undefined {
  const simple = simpleTypes[text];
  if (simple !== undefined) return simple;
  const { program } = parseSync('type.ts', `type T = ${text}`);
  const statement = program.body[0];
  return statement?.type === 'TSTypeAliasDeclaration' ? portOf(statement.typeAnnotation) : undefined;
}

const simpleTypes: Readonly<Record<string, ValueType>> = {
  string: { kind: 'string' },
  number: { kind: 'number' },
  Int: { kind: 'integer' },
  boolean: { kind: 'boolean' },
};

function portOf(type: TSType): PortType | undefined {
  const inner = elementOf(type);
  const artifact = artifactOf(inner ?? type);
  return artifact === undefined ? valueOf(type) : { ...artifact, list: inner !== undefined };
}

function elementOf(type: TSType): TSType | undefined {
  if (type.type === 'TSTypeOperator' && type.operator === 'readonly') return elementOf(type.typeAnnotation);
  if (type.type === 'TSArrayType') return type.elementType;
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  return ['Array', 'ReadonlyArray'].includes(type.typeName.name) ? type.typeArguments?.params[0] : undefined;
}

function artifactOf(type: TSType) {
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  const [title, version] = (type.typeArguments?.params ?? []).map((argument) => literalOf(argument));
  return knownArtifact(type.typeName.name, title, version);
}

function literalOf(type: TSType): string | undefined {
  return type.type === 'TSLiteralType' &&
    type.literal.type === 'Literal' &&
    typeof type.literal.value === 'string'
    ? type.literal.value
    : undefined;
}

function valueOf(type: TSType): ValueType | undefined {
  const element = elementOf(type);
  if (element !== undefined) {
    const inner = valueOf(element);
    return inner === undefined ? undefined : { kind: 'list', element: inner };
  }
  switch (type.type) {
    case 'TSStringKeyword':
      return { kind: 'string' };
    case 'TSNumberKeyword':
      return { kind: 'number' };
    case 'TSBooleanKeyword':
      return { kind: 'boolean' };
    case 'TSParenthesizedType':
      return valueOf(type.typeAnnotation);
    case 'TSLiteralType':
    case 'TSUnionType': {
      const values = (type.type === 'TSUnionType' ? type.types : [type]).map((part) => literalOf(part));
      return values.includes(undefined)
        ? undefined
        : { kind: 'choice', values: values.filter((value) => value !== undefined) };
    }
    case 'TSTypeReference':
      if (type.typeName.type !== 'Identifier') return undefined;
      if (type.typeName.name === 'Record') return { kind: 'struct' };
      if (type.typeName.name === 'JsonValue') return { kind: 'any' };
      return simpleTypes[type.typeName.name];
    default:
      return undefined;
  }
}
