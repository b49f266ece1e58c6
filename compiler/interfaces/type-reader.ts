/** Reads types off their syntax: fast, and enough for all that is written out. Throws NeedsChecker for the rest. */
import {
  Node,
  SyntaxKind,
  type InterfaceDeclaration,
  type SourceFile,
  type TypeNode,
  type TypeOperatorTypeNode,
} from 'ts-morph';
import { describe } from '../source-pass/documentation.ts';
import {
  filledTypes,
  type ArtifactType,
  type Field,
  type PortType,
  type ValueType,
} from './component-interface.ts';
import { NeedsChecker, InterfaceFault, supportedTypes } from './interface-fault.ts';
import { knownArtifact } from './known-artifacts.ts';
import { Names, type OpenFile } from './names.ts';

/** A property of an object type. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeNode;
  readonly description?: string;
}

export class TypeReader {
  readonly #names: Names;
  /** Declarations being read: a type that mentions itself is any object from there on. */
  readonly #open = new Set<Node>();

  constructor(open: OpenFile) {
    this.#names = new Names(open);
  }

  /** Finds the initialiser of a top-level const, of a file or of what it imports. */
  constant(file: SourceFile, name: string): ReturnType<Names['constant']> {
    return this.#names.constant(file, name);
  }

  /** Lists the properties of an object type, inherited ones first. */
  members(type: TypeNode): readonly Member[] {
    if (Node.isParenthesizedTypeNode(type)) return this.members(type.getTypeNode());
    if (Node.isTypeLiteral(type)) return ownMembers(type);
    if (Node.isIntersectionTypeNode(type))
      return merge(type.getTypeNodes().map((part) => this.members(part)));
    const meaning = this.#names.meaningOf(type);
    if (meaning?.kind === 'global' && meaning.name === 'Readonly') return this.members(argument(type, 0));
    if (meaning?.kind !== 'declared') throw new NeedsChecker();
    const { declaration } = meaning;
    if (declaration.getTypeParameters().length > 0) throw new NeedsChecker();
    if (Node.isTypeAliasDeclaration(declaration)) return this.members(declaration.getTypeNodeOrThrow());
    return merge([...declaration.getExtends().map((base) => this.members(base)), ownMembers(declaration)]);
  }

  /** Whether a type is an object with known fields, as a return type of several output parameters is. */
  isObject(type: TypeNode): boolean {
    if (Node.isTypeLiteral(type)) return true;
    const meaning = this.#names.meaningOf(type);
    if (meaning?.kind !== 'declared') return false;
    const { declaration } = meaning;
    if (declaration.getTypeParameters().length > 0) throw new NeedsChecker();
    return Node.isInterfaceDeclaration(declaration) || this.isObject(declaration.getTypeNodeOrThrow());
  }

  port(given: TypeNode): PortType {
    const type = withoutUndefined(given);
    const element = this.#elementOf(type);
    const artifact = this.#artifactOf(element ?? type);
    if (artifact !== undefined) return { ...artifact, list: element !== undefined };
    const filled = filledTypes[this.#ferrulesName(type) ?? ''];
    return filled === undefined ? this.value(type) : { kind: filled };
  }

  #ferrulesName(type: TypeNode): string | undefined {
    const meaning = this.#names.meaningOf(type);
    return meaning?.kind === 'ferrule' ? meaning.name : undefined;
  }

  value(type: TypeNode): ValueType {
    const element = this.#elementOf(type);
    if (element !== undefined) return { kind: 'list', element: this.value(element) };
    if (Node.isParenthesizedTypeNode(type)) return this.value(type.getTypeNode());
    if (isReadonly(type)) return this.value(type.getTypeNode());
    if (Node.isTupleTypeNode(type)) return { kind: 'list', element: { kind: 'any' } };
    if (Node.isTypeLiteral(type)) return this.#struct(type, () => ownMembers(type));
    if (Node.isUnionTypeNode(type)) return this.#union(type, type.getTypeNodes());
    if (Node.isLiteralTypeNode(type)) return this.#union(type, [type]);
    const meaning = this.#names.meaningOf(type);
    if (meaning === undefined) return keyword(type);
    if (meaning.kind === 'ferrule') {
      if (meaning.name === 'Int') return { kind: 'integer' };
      if (meaning.name === 'JsonValue') return { kind: 'any' };
      if (this.#artifactOf(type) !== undefined) return misplacedArtifact(type);
      return unsupported(type);
    }
    if (meaning.kind === 'global') {
      if (meaning.name === 'Record') return { kind: 'struct', values: this.value(argument(type, 1)) };
      if (meaning.name === 'Readonly') return this.value(argument(type, 0));
      return unsupportedGlobal(type, meaning.name);
    }
    const { declaration } = meaning;
    if (declaration.getTypeParameters().length > 0) throw new NeedsChecker();
    if (this.#open.has(declaration)) return { kind: 'struct' };
    this.#open.add(declaration);
    try {
      if (Node.isTypeAliasDeclaration(declaration)) return this.value(declaration.getTypeNodeOrThrow());
      if (this.#artifactOf(type) !== undefined) return misplacedArtifact(type);
      return this.#struct(declaration, () => this.members(type));
    } finally {
      this.#open.delete(declaration);
    }
  }

  /** Takes `Promise<...>` off a type, also where an alias hides it. */
  awaited(type: TypeNode): TypeNode {
    const meaning = this.#names.meaningOf(type);
    if (meaning?.kind === 'global' && meaning.name === 'Promise') return this.awaited(argument(type, 0));
    const alias = meaning?.kind === 'declared' ? meaning.declaration : undefined;
    if (alias === undefined || !Node.isTypeAliasDeclaration(alias)) return type;
    if (alias.getTypeParameters().length > 0) throw new NeedsChecker();
    const target = alias.getTypeNodeOrThrow();
    const awaited = this.awaited(target);
    return awaited === target ? type : awaited;
  }

  #struct(owner: Pick<InterfaceDeclaration, 'getMembers'>, members: () => readonly Member[]): ValueType {
    const [only, ...others] = owner.getMembers();
    if (only !== undefined && others.length === 0 && Node.isIndexSignatureDeclaration(only)) {
      const values = only.getReturnTypeNode();
      return { kind: 'struct', ...(values && { values: this.value(values) }) };
    }
    const fields: Record<string, Field> = {};
    for (const { name, type, optional } of members()) fields[name] = { type: this.value(type), optional };
    return { kind: 'struct', fields };
  }

  #union(type: TypeNode, parts: readonly TypeNode[]): ValueType {
    const named = parts.filter((part) => part.getText() !== 'undefined');
    if (named.some((part) => part.getText() === 'null'))
      throw new InterfaceFault(
        'FER2010',
        type,
        `the type ${type.getText()} is not supported: null has no form among the parameters of KFP`,
        'make it optional, as in `rate?: number`; an input that is not given is undefined',
      );
    const [only] = named;
    if (only !== undefined && named.length === 1 && only !== type) return this.value(only);
    if (named.every((part) => part.getText() === 'true' || part.getText() === 'false'))
      return { kind: 'boolean' };
    const values = named.flatMap((part) => {
      const inner = Node.isLiteralTypeNode(part) ? part.getLiteral() : undefined;
      if (inner !== undefined && Node.isStringLiteral(inner)) return [inner.getLiteralValue()];
      const meant = Node.isTypeReference(part) ? this.value(part) : undefined;
      return meant?.kind === 'choice' ? meant.values : unsupported(type);
    });
    return { kind: 'choice', values };
  }

  #elementOf(type: TypeNode): TypeNode | undefined {
    if (Node.isParenthesizedTypeNode(type)) return this.#elementOf(type.getTypeNode());
    if (isReadonly(type)) return this.#elementOf(type.getTypeNode());
    if (Node.isArrayTypeNode(type)) return type.getElementTypeNode();
    const meaning = this.#names.meaningOf(type);
    if (meaning?.kind === 'global' && ['Array', 'ReadonlyArray'].includes(meaning.name))
      return argument(type, 0);
    return undefined;
  }

  #artifactOf(type: TypeNode): ArtifactType | undefined {
    if (Node.isParenthesizedTypeNode(type)) return this.#artifactOf(type.getTypeNode());
    const meaning = this.#names.meaningOf(type);
    if (meaning === undefined) return undefined;
    if (meaning.kind === 'ferrule') {
      const [title, version] = argumentsOf(type).map((part) => textOf(part));
      return knownArtifact(meaning.name, title, version);
    }
    if (meaning.kind === 'global') return undefined;
    const { declaration } = meaning;
    if (Node.isTypeAliasDeclaration(declaration)) {
      const target = declaration.getTypeNodeOrThrow();
      return Node.isTypeReference(target) ? this.#artifactOf(target) : undefined;
    }
    for (const base of declaration.getExtends()) {
      const artifact = this.#artifactOf(base);
      if (artifact !== undefined) return artifact;
    }
    return undefined;
  }
}

function ownMembers(owner: Pick<InterfaceDeclaration, 'getProperties' | 'getMembers'>): Member[] {
  for (const member of owner.getMembers())
    if (!Node.isPropertySignature(member))
      throw new InterfaceFault('FER2010', member, `"${member.getText()}" is no property`, supportedTypes);
  return owner.getProperties().map((property) => {
    const type = property.getTypeNode();
    if (type === undefined)
      throw new InterfaceFault('FER2010', property, `"${property.getName()}" has no type`, supportedTypes);
    const optional =
      property.hasQuestionToken() ||
      (Node.isUnionTypeNode(type) && type.getTypeNodes().some((part) => part.getText() === 'undefined'));
    const comment = property.getJsDocs().at(-1)?.getInnerText();
    const description = comment === undefined ? undefined : describe(comment);
    const name = property.getName().replaceAll(/^['"]|['"]$/g, '');
    return { name, optional, type, ...(description !== undefined && { description }) };
  });
}

function isReadonly(type: TypeNode): type is TypeOperatorTypeNode {
  return Node.isTypeOperatorTypeNode(type) && type.getOperator() === SyntaxKind.ReadonlyKeyword;
}

/** Takes `| undefined` off a type of one other part: it says that the input is optional. */
function withoutUndefined(type: TypeNode): TypeNode {
  if (!Node.isUnionTypeNode(type)) return type;
  const [only, ...others] = type.getTypeNodes().filter((part) => part.getText() !== 'undefined');
  return only === undefined || others.length > 0 ? type : only;
}

/** A property declared again takes the place of the inherited one. */
function merge(groups: readonly (readonly Member[])[]): Member[] {
  return [...new Map(groups.flat().map((member) => [member.name, member])).values()];
}

function argumentsOf(type: TypeNode): TypeNode[] {
  return Node.isTypeReference(type) || Node.isExpressionWithTypeArguments(type)
    ? type.getTypeArguments()
    : [];
}

function argument(type: TypeNode, index: number): TypeNode {
  const found = argumentsOf(type)[index];
  return found ?? unsupported(type);
}

function textOf(type: TypeNode): string | undefined {
  const literal = Node.isLiteralTypeNode(type) ? type.getLiteral() : undefined;
  return literal !== undefined && Node.isStringLiteral(literal) ? literal.getLiteralValue() : undefined;
}

/** Types that are computed of others: the checker works them out. */
function isComputed(type: TypeNode): boolean {
  return (
    Node.isTypeOperatorTypeNode(type) ||
    Node.isTypeQuery(type) ||
    Node.isIndexedAccessTypeNode(type) ||
    Node.isConditionalTypeNode(type) ||
    Node.isMappedTypeNode(type) ||
    Node.isIntersectionTypeNode(type)
  );
}

function keyword(type: TypeNode): ValueType {
  if (isComputed(type)) throw new NeedsChecker();
  switch (type.getText()) {
    case 'string':
      return { kind: 'string' };
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'object':
      return { kind: 'struct' };
    default:
      return unsupported(type);
  }
}

/** Generic helpers of the language and type parameters are for the checker; classes and the like are refused. */
function unsupportedGlobal(type: TypeNode, name: string): never {
  if (argumentsOf(type).length > 0 && !['Map', 'Set', 'Promise', 'WeakMap'].includes(name))
    throw new NeedsChecker();
  return unsupported(type);
}

function misplacedArtifact(type: TypeNode): never {
  throw new InterfaceFault(
    'FER2010',
    type,
    `the artifact type ${type.getText()} cannot stand here`,
    'an artifact is an input, or an output that is declared in the second parameter; lists of them are inputs too',
  );
}

function unsupported(type: TypeNode): never {
  throw new InterfaceFault(
    'FER2010',
    type,
    `the type ${type.getText()} is not supported here`,
    supportedTypes,
  );
}
