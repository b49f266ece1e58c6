/** Reads interfaces through the type checker: for generics, Omit, mapped types and types of packages. */
import { Node, Project, ScriptTarget, ts, type Symbol as TypeSymbol, type Type } from 'ts-morph';
import { describe } from '../source-pass/documentation.ts';
import { ownPackage } from '../own-package.ts';
import type { ArtifactType, Field, Port, PortType, ValueType } from './component-interface.ts';
import { InterfaceFault, supportedTypes } from './interface-fault.ts';
import { knownArtifact } from './known-artifacts.ts';
import type { Body } from './read-interfaces.ts';

/** The ports of a component, but for the defaults in its pattern. */
export interface CheckedPorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Absolute paths of the user's files that were read. */
  readonly files: readonly string[];
}

/** Asks the checker for the ports of the component whose body starts at a place of a file. */
export function checkedPorts(body: Body): CheckedPorts {
  const file = body.getSourceFile().getFilePath();
  const { folder } = ownPackage();
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
      customConditions: ['ferrule-source'],
      paths: { ferrule: [`${folder}/sdk/index.ts`, `${folder}/dist/sdk/index.d.ts`] },
    },
  });
  const source = project.addSourceFileAtPath(file);
  const found = source.getDescendantAtPos(body.getStart())?.getFirstAncestorByKind(body.getKind());
  const start = body.getStart();
  const twin =
    found?.getStart() === start
      ? found
      : source
          .getDescendants()
          .find((node) => node.getStart() === start && node.getKind() === body.getKind());
  const signature = twin?.getType().getCallSignatures()[0];
  if (twin === undefined || signature === undefined)
    throw new InterfaceFault(
      'FER2010',
      body,
      'the types of the component cannot be worked out',
      supportedTypes,
    );
  const [inputs, outputs] = signature.getParameters().map((parameter) => parameter.getTypeAtLocation(twin));
  const reader = new CheckedReader(body, twin);
  return {
    inputs: inputs === undefined ? [] : reader.ports(inputs),
    outputs: [
      ...(outputs === undefined ? [] : reader.artifacts(outputs)),
      ...reader.returned(signature.getReturnType()),
    ],
    files: project
      .getSourceFiles()
      .map((entry) => entry.getFilePath())
      .filter((name) => !name.includes('/node_modules/') && !name.startsWith(`${folder}/sdk/`)),
  };
}

class CheckedReader {
  readonly #body: Body;
  readonly #at: Node;

  /** `body` is where faults are shown, `at` where types are looked at. */
  constructor(body: Body, at: Node) {
    this.#body = body;
    this.#at = at;
  }

  ports(type: Type): Port[] {
    return type.getProperties().map((property): Port => {
      const description = documentationOf(property);
      const own = property.getTypeAtLocation(this.#at);
      return {
        name: property.getName(),
        type: this.port(own.getNonNullableType(), property.getName()),
        optional: property.isOptional() || isNullable(own),
        ...(description !== undefined && { description }),
      };
    });
  }

  artifacts(type: Type): Port[] {
    const ports = this.ports(type);
    for (const port of ports)
      if (port.type.kind !== 'artifact') this.#fault(`the output "${port.name}" is no artifact`);
    return ports;
  }

  returned(type: Type): Port[] {
    const awaited = type.getSymbol()?.getName() === 'Promise' ? (type.getTypeArguments()[0] ?? type) : type;
    if (awaited.isVoid() || awaited.isUndefined()) return [];
    const value = this.value(awaited, 'Output');
    if (value.kind !== 'struct' || value.fields === undefined)
      return [{ name: 'Output', type: value, optional: false }];
    return this.ports(awaited).map((port) => ({ ...port, optional: false }));
  }

  port(type: Type, name: string): PortType {
    const element = type.isArray() || type.isReadonlyArray() ? type.getArrayElementType() : undefined;
    const artifact = artifactOf(element ?? type);
    return artifact === undefined ? this.value(type, name) : { ...artifact, list: element !== undefined };
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
    if (type.isUnion() || type.getCallSignatures().length > 0 || type.isClass())
      return this.#unsupported(type, name);
    const index = type.getStringIndexType();
    if (index !== undefined) return { kind: 'struct', values: this.value(index, name) };
    if (!(type.isObject() || type.isIntersection()) || isBuiltIn(type)) return this.#unsupported(type, name);
    const fields: Record<string, Field> = {};
    for (const property of type.getProperties()) {
      const own = property.getTypeAtLocation(this.#at);
      fields[property.getName()] = {
        type: this.value(own.getNonNullableType(), `${name}.${property.getName()}`),
        optional: property.isOptional() || isNullable(own),
      };
    }
    return { kind: 'struct', fields };
  }

  #unsupported(type: Type, name: string): never {
    return this.#fault(`"${name}" has the type ${type.getText(this.#at)}, which is not supported`);
  }

  #fault(problem: string): never {
    throw new InterfaceFault('FER2010', this.#body, problem, supportedTypes);
  }
}

function isNullable(type: Type): boolean {
  return type.isUnion() && type.getUnionTypes().some((part) => part.isUndefined());
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
