/** Reads types off their syntax: fast, and enough for all that is written out. Throws NeedsChecker for the rest. */
import {
  Node,
  type InterfaceDeclaration,
  type SourceFile,
  type TypeAliasDeclaration,
  type TypeNode,
} from 'ts-morph';
import { describe } from '../source-pass/documentation.ts';
import type { ArtifactType, Field, PortType, ValueType } from './component-interface.ts';
import { NeedsChecker, InterfaceFault, supportedTypes } from './interface-fault.ts';
import { knownArtifact } from './known-artifacts.ts';

/** A property of an object type. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeNode;
  readonly description?: string;
}

type Declaration = InterfaceDeclaration | TypeAliasDeclaration;

/** What a type's name leads to: a declaration of the user's, or a name of Ferrule's or of the language. */
type Meaning =
  | { readonly kind: 'declared'; readonly declaration: Declaration }
  | { readonly kind: 'ferrule'; readonly name: string }
  | { readonly kind: 'global'; readonly name: string };

/** Opens the file that a relative import of another file means; undefined where there is none. */
export type OpenFile = (from: SourceFile, specifier: string) => SourceFile | undefined;

export class TypeReader {
  readonly #open: OpenFile;

  constructor(open: OpenFile) {
    this.#open = open;
  }

  /** Lists the properties of an object type, inherited ones first. */
  members(type: TypeNode): readonly Member[] {
    if (Node.isParenthesizedTypeNode(type)) return this.members(type.getTypeNode());
    if (Node.isTypeLiteral(type)) return ownMembers(type);
    if (Node.isIntersectionTypeNode(type))
      return merge(type.getTypeNodes().map((part) => this.members(part)));
    const meaning = this.#meaningOf(type);
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
    const meaning = this.#meaningOf(type);
    if (meaning?.kind !== 'declared') return false;
    const { declaration } = meaning;
    return Node.isInterfaceDeclaration(declaration) || this.isObject(declaration.getTypeNodeOrThrow());
  }

  port(type: TypeNode): PortType {
    const element = this.#elementOf(type);
    const artifact = this.#artifactOf(element ?? type);
    return artifact === undefined ? this.value(type) : { ...artifact, list: element !== undefined };
  }

  value(type: TypeNode): ValueType {
    const element = this.#elementOf(type);
    if (element !== undefined) return { kind: 'list', element: this.value(element) };
    if (Node.isParenthesizedTypeNode(type)) return this.value(type.getTypeNode());
    if (Node.isTupleTypeNode(type)) return { kind: 'list', element: { kind: 'any' } };
    if (Node.isTypeLiteral(type)) return this.#struct(ownMembers(type));
    if (Node.isUnionTypeNode(type)) return this.#union(type, type.getTypeNodes());
    if (Node.isLiteralTypeNode(type)) return this.#union(type, [type]);
    const meaning = this.#meaningOf(type);
    if (meaning === undefined) return keyword(type);
    if (meaning.kind === 'ferrule') {
      if (meaning.name === 'Int') return { kind: 'integer' };
      if (meaning.name === 'JsonValue') return { kind: 'any' };
      return unsupported(type);
    }
    if (meaning.kind === 'global') {
      if (meaning.name === 'Record') return { kind: 'struct', values: this.value(argument(type, 1)) };
      if (meaning.name === 'Readonly') return this.value(argument(type, 0));
      return unsupportedGlobal(type, meaning.name);
    }
    const { declaration } = meaning;
    if (declaration.getTypeParameters().length > 0) throw new NeedsChecker();
    if (Node.isTypeAliasDeclaration(declaration)) return this.value(declaration.getTypeNodeOrThrow());
    return this.#struct(this.members(type));
  }

  /** Takes `Promise<...>` off a type. */
  awaited(type: TypeNode): TypeNode {
    const meaning = this.#meaningOf(type);
    return meaning?.kind === 'global' && meaning.name === 'Promise' ? this.awaited(argument(type, 0)) : type;
  }

  #struct(members: readonly Member[]): ValueType {
    const fields: Record<string, Field> = {};
    for (const { name, type, optional } of members) fields[name] = { type: this.value(type), optional };
    return { kind: 'struct', fields };
  }

  #union(type: TypeNode, parts: readonly TypeNode[]): ValueType {
    const named = parts.filter((part) => part.getText() !== 'undefined');
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
    if (Node.isTypeOperatorTypeNode(type)) return this.#elementOf(type.getTypeNode());
    if (Node.isArrayTypeNode(type)) return type.getElementTypeNode();
    const meaning = this.#meaningOf(type);
    if (meaning?.kind === 'global' && ['Array', 'ReadonlyArray'].includes(meaning.name))
      return argument(type, 0);
    return undefined;
  }

  #artifactOf(type: TypeNode): ArtifactType | undefined {
    if (Node.isParenthesizedTypeNode(type)) return this.#artifactOf(type.getTypeNode());
    const meaning = this.#meaningOf(type);
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

  #meaningOf(type: TypeNode): Meaning | undefined {
    const name = nameOf(type);
    return name === undefined ? undefined : this.#lookUp(type.getSourceFile(), name);
  }

  #lookUp(file: SourceFile, name: string): Meaning {
    const declaration = file.getInterface(name) ?? file.getTypeAlias(name);
    if (declaration !== undefined) return { kind: 'declared', declaration };
    for (const site of file.getImportDeclarations()) {
      const specifier = site.getModuleSpecifierValue();
      const found = site
        .getNamedImports()
        .find((entry) => (entry.getAliasNode()?.getText() ?? entry.getName()) === name);
      const namespace = site.getNamespaceImport()?.getText();
      if (found !== undefined) return this.#imported(file, specifier, found.getName());
      if (namespace !== undefined && name.startsWith(`${namespace}.`))
        return this.#imported(file, specifier, name.slice(namespace.length + 1));
    }
    if (file.getClass(name) !== undefined || file.getEnum(name) !== undefined)
      return { kind: 'global', name };
    return { kind: 'global', name };
  }

  #imported(from: SourceFile, specifier: string, name: string): Meaning {
    if (specifier === 'ferrule') return { kind: 'ferrule', name };
    const file = this.#open(from, specifier);
    if (file === undefined) throw new NeedsChecker();
    const declaration = file.getInterface(name) ?? file.getTypeAlias(name);
    if (declaration !== undefined) return { kind: 'declared', declaration };
    for (const site of file.getExportDeclarations()) {
      const target = site.getModuleSpecifierValue();
      const found = site
        .getNamedExports()
        .find((entry) => (entry.getAliasNode()?.getText() ?? entry.getName()) === name);
      if (found !== undefined)
        return target === undefined
          ? this.#lookUp(file, found.getName())
          : this.#imported(file, target, found.getName());
      if (target !== undefined && site.isNamespaceExport()) {
        const through = this.#open(file, target);
        if (through?.getInterface(name) !== undefined || through?.getTypeAlias(name) !== undefined)
          return this.#lookUp(through, name);
      }
    }
    throw new NeedsChecker();
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

/** A property declared again takes the place of the inherited one. */
function merge(groups: readonly (readonly Member[])[]): Member[] {
  return [...new Map(groups.flat().map((member) => [member.name, member])).values()];
}

function nameOf(type: TypeNode): string | undefined {
  if (Node.isTypeReference(type)) return type.getTypeName().getText();
  return Node.isExpressionWithTypeArguments(type) ? type.getExpression().getText() : undefined;
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

function keyword(type: TypeNode): ValueType {
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

function unsupported(type: TypeNode): never {
  throw new InterfaceFault(
    'FER2010',
    type,
    `the type ${type.getText()} is not supported here`,
    supportedTypes,
  );
}
