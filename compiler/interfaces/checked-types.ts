/** Reads interfaces through the type checker: for generics, Omit, mapped types and types of packages. */
import { Node, type Symbol as TypeSymbol, type Type, type TypeNode } from 'ts-morph';
import { describe } from '../source-pass/documentation.ts';
import { checkerProject } from './checker-project.ts';
import type { Body } from './component-body.ts';
import {
  filledTypes,
  isFilled,
  type FilledKind,
  type ArtifactType,
  type Field,
  type Port,
  type PortType,
  type ValueType,
} from './component-interface.ts';
import { InterfaceFault, supportedTypes } from './interface-fault.ts';
import { knownArtifact } from './known-artifacts.ts';

/** The ports of a component, but for the defaults in its pattern. */
export interface CheckedPorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** What the checker found, and the absolute paths of the user's files that it read. */
export interface Checked<T> {
  readonly found: T;
  readonly files: readonly string[];
}

/** Asks the checker for the ports of a component. */
export function checkedPorts(body: Body): Checked<CheckedPorts> {
  const { twin, files } = underChecker(body);
  const signature = twin.getType().getCallSignatures()[0];
  if (signature === undefined) unknown(body);
  const [inputs, outputs] = signature.getParameters().map((parameter) => parameter.getTypeAtLocation(twin));
  const reader = new CheckedReader(body, twin);
  const found = {
    inputs: inputs === undefined ? [] : reader.ports(inputs),
    outputs: [
      ...(outputs === undefined ? [] : reader.artifacts(outputs)),
      ...reader.returned(signature.getReturnType()),
    ],
  };
  return { found, files: files() };
}

/** Asks the checker for the properties of an object type, each as a port. */
export function checkedMembers(node: TypeNode): Checked<readonly Port[]> {
  const { twin, files } = underChecker(node);
  return { found: new CheckedReader(node, twin).ports(twin.getType()), files: files() };
}

/** Asks the checker for a type. */
export function checkedType(node: TypeNode): Checked<PortType> {
  const { twin, files } = underChecker(node);
  const found = new CheckedReader(node, twin).port(twin.getType(), node.getText());
  return { found, files: files() };
}

/** Finds the same node in a project that the checker knows. */
function underChecker(node: Node) {
  const { project, files } = checkerProject(node.getSourceFile());
  const start = node.getStart();
  const twin = project
    .getSourceFileOrThrow(node.getSourceFile().getFilePath())
    .getDescendantAtPos(start)
    ?.getFirstAncestor((above) => above.getStart() === start && above.getKind() === node.getKind());
  return { twin: twin ?? unknown(node), files };
}

function unknown(node: Node): never {
  throw new InterfaceFault('FER2010', node, 'its types cannot be worked out', supportedTypes);
}

class CheckedReader {
  readonly #shown: Node;
  readonly #at: Node;
  /** Types being read: one that mentions itself is any object from there on. */
  readonly #open = new Set<unknown>();

  /** `shown` is where faults are shown, `at` where types are looked at. */
  constructor(shown: Node, at: Node) {
    this.#shown = shown;
    this.#at = at;
  }

  ports(type: Type): Port[] {
    if (type.isAny())
      this.#fault(
        'the type of its inputs or outputs leads nowhere',
        'check the import of the type, and "paths" of tsconfig.json',
      );
    return type.getProperties().map((property): Port => {
      const description = documentationOf(property);
      const own = property.getTypeAtLocation(this.#at);
      const port = isJsonValue(property)
        ? ({ kind: 'any' } as const)
        : this.port(given(own), property.getName());
      return {
        name: property.getName(),
        type: port,
        optional: property.isOptional() || isNullable(own) || isFilled(port),
        ...(description !== undefined && { description }),
      };
    });
  }

  artifacts(type: Type): Port[] {
    const ports = this.ports(type);
    for (const port of ports)
      if (port.type.kind !== 'artifact') this.#fault(`the output "${port.name}" is no artifact`);
      else if (port.type.list)
        this.#fault(
          `the output "${port.name}" is a list of artifacts, which no step of KFP can give`,
          'give one artifact, which may be a folder; collect(...) makes a list of what a loop gives',
        );
    return ports;
  }

  returned(type: Type): Port[] {
    const inner = type.getSymbol()?.getName() === 'Promise' ? type.getTypeArguments()[0] : undefined;
    if (inner !== undefined) return this.returned(inner);
    const awaited = type;
    if (awaited.isVoid() || awaited.isUndefined() || awaited.isNever()) return [];
    const value = this.value(awaited, 'Output');
    if (value.kind !== 'struct' || value.fields === undefined)
      return [{ name: 'Output', type: value, optional: false }];
    return this.ports(awaited).map((port) => ({ ...port, optional: false }));
  }

  port(type: Type, name: string): PortType {
    const element = type.isArray() || type.isReadonlyArray() ? type.getArrayElementType() : undefined;
    const artifact = artifactOf(element ?? type);
    if (artifact !== undefined) return { ...artifact, list: element !== undefined };
    const filled = filledOf(type);
    return filled === undefined ? this.value(type, name) : { kind: filled };
  }

  value(type: Type, name: string): ValueType {
    const alias = type.getAliasSymbol()?.getName();
    if (alias === 'Int') return { kind: 'integer' };
    if (alias === 'JsonValue') return { kind: 'any' };
    if (type.isString()) return { kind: 'string' };
    if (type.isNumber()) return { kind: 'number' };
    if (type.isBoolean() || type.isBooleanLiteral()) return { kind: 'boolean' };
    if (type.isIntersection() && type.getIntersectionTypes().some((part) => part.isNumber()))
      return { kind: 'integer' };
    const texts = (type.isUnion() ? type.getUnionTypes() : [type]).map((part) =>
      textOrNothing(part.getLiteralValue()),
    );
    if (!texts.includes(undefined))
      return { kind: 'choice', values: texts.filter((text) => text !== undefined) };
    const element = type.isArray() || type.isReadonlyArray() ? type.getArrayElementType() : undefined;
    if (element !== undefined) return { kind: 'list', element: this.value(element, `${name}[]`) };
    if (type.isTuple()) return { kind: 'list', element: { kind: 'any' } };
    if (type.isUnion() || type.getCallSignatures().length > 0 || type.isClass())
      return this.#unsupported(type, name);
    const index = type.getStringIndexType();
    if (index !== undefined) return { kind: 'struct', values: this.value(index, name) };
    if (!(type.isObject() || type.isIntersection()) || isBuiltIn(type)) return this.#unsupported(type, name);
    return this.#struct(type, name);
  }

  #struct(type: Type, name: string): ValueType {
    if (this.#open.has(type.compilerType)) return { kind: 'struct' };
    this.#open.add(type.compilerType);
    const fields: Record<string, Field> = {};
    for (const property of type.getProperties()) {
      const own = property.getTypeAtLocation(this.#at);
      const field = `${name}.${property.getName()}`;
      fields[property.getName()] = {
        type: isJsonValue(property) ? { kind: 'any' } : this.value(given(own), field),
        optional: property.isOptional() || isNullable(own),
      };
    }
    this.#open.delete(type.compilerType);
    return { kind: 'struct', fields };
  }

  #unsupported(type: Type, name: string): never {
    return this.#fault(`"${name}" has the type ${type.getText(this.#at)}, which is not supported`);
  }

  #fault(problem: string, fix = supportedTypes): never {
    throw new InterfaceFault('FER2010', this.#shown, problem, fix);
  }
}

/** Takes `undefined` off a type; null stays, to be refused. */
function given(type: Type): Type {
  if (!type.isUnion()) return type;
  const isNull = type.getUnionTypes().some((part) => part.isNull());
  return isNull ? type : type.getNonNullableType();
}

/** Optional properties lose the alias of their type: its name is in the declaration still. */
function isJsonValue(property: TypeSymbol): boolean {
  return property.getDeclarations().some((declaration) => {
    const node = Node.isPropertySignature(declaration) ? declaration.getTypeNode() : undefined;
    return node?.getType().getAliasSymbol()?.getName() === 'JsonValue';
  });
}

function isNullable(type: Type): boolean {
  return type.isUnion() && type.getUnionTypes().some((part) => part.isUndefined());
}

function filledOf(type: Type): FilledKind | undefined {
  const symbol = type.getSymbol();
  const file = symbol?.getDeclarations()[0]?.getSourceFile().getBaseName() ?? '';
  return /^(?:control-flow|task-config)\./.test(file) ? filledTypes[symbol?.getName() ?? ''] : undefined;
}

/** Whether a type comes of the language's own library, such as Date and Map. */
function isBuiltIn(type: Type): boolean {
  const file = type.getSymbol()?.getDeclarations()[0]?.getSourceFile().getFilePath() ?? '';
  return /\/lib\.[^/]*\.d\.ts$/.test(file);
}

function artifactOf(type: Type): ArtifactType | undefined {
  const name = type.getSymbol()?.getName();
  const file = type.getSymbol()?.getDeclarations()[0]?.getSourceFile().getBaseName() ?? '';
  if (name !== undefined && file.startsWith('artifacts.')) {
    const [title, version] = type.getTypeArguments().map((part) => part.getLiteralValue());
    const known = knownArtifact(name, textOrNothing(title), textOrNothing(version));
    if (known !== undefined) return known;
  }
  for (const base of type.isInterface() ? type.getBaseTypes() : []) {
    const known = artifactOf(base);
    if (known !== undefined) return known;
  }
  return undefined;
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function documentationOf(property: TypeSymbol): string | undefined {
  const [declaration] = property.getDeclarations();
  const comment =
    declaration !== undefined && Node.isPropertySignature(declaration)
      ? declaration.getJsDocs().at(-1)?.getInnerText()
      : undefined;
  return comment === undefined ? undefined : describe(comment);
}
