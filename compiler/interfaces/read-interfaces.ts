/** Reads the interfaces of a file's components from their source. This folder alone knows ts-morph. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  Node,
  Project,
  ScriptTarget,
  SyntaxKind,
  type ArrowFunction,
  type FunctionDeclaration,
  type FunctionExpression,
  type SourceFile,
  type VariableDeclaration,
} from 'ts-morph';
import type { Diagnostics } from '../diagnostics.ts';
import { projectPath } from '../project.ts';
import { describe } from '../source-pass/documentation.ts';
import { place } from '../source-text.ts';
import { checkedPorts, type CheckedPorts } from './checked-types.ts';
import type { ComponentInterface, Port } from './component-interface.ts';
import { constantOf } from './constants.ts';
import { InterfaceFault, NeedsChecker, supportedTypes } from './interface-fault.ts';
import { TypeReader, type Member } from './type-reader.ts';

/** A component's body. */
export type Body = ArrowFunction | FunctionExpression | FunctionDeclaration;

/** Reads files' components, opening each file once. */
export class InterfaceReader {
  readonly #root: string;
  readonly #project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    skipLoadingLibFiles: true,
    compilerOptions: { target: ScriptTarget.ES2023 },
  });

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Reads the components that a file exports. Components with a fault are reported and left out. `files` are the
   * absolute paths of all files that had a say.
   */
  read(
    file: string,
    diagnostics: Diagnostics,
  ): { readonly interfaces: readonly ComponentInterface[]; readonly files: readonly string[] } {
    const opened = new Set([file]);
    const types = new TypeReader((from, specifier) => {
      const target = resolveRelative(path.dirname(from.getFilePath()), specifier);
      if (target === undefined) return undefined;
      opened.add(target);
      return this.#open(target);
    });
    const source = this.#open(file);
    const interfaces = exportedComponents(source).flatMap(({ name, declaration, call }) => {
      try {
        const body = bodyOf(call.getArguments()[1] ?? call, source);
        const { inputs, outputs, files } = portsOf(body, types);
        for (const entry of files) opened.add(entry);
        return [{ ...this.#head(name, file, declaration), inputs: withDefaults(inputs, body), outputs }];
      } catch (error) {
        if (!(error instanceof InterfaceFault)) throw error;
        this.#report(error, diagnostics);
        return [];
      }
    });
    return { interfaces, files: [...opened] };
  }

  #open(file: string): SourceFile {
    return this.#project.getSourceFile(file) ?? this.#project.addSourceFileAtPath(file);
  }

  #head(name: string, file: string, declaration: VariableDeclaration) {
    const comment = declaration.getVariableStatement()?.getJsDocs().at(-1)?.getInnerText();
    const description = comment === undefined ? undefined : describe(comment);
    return { name, file: projectPath(this.#root, file), ...(description !== undefined && { description }) };
  }

  #report(fault: InterfaceFault, diagnostics: Diagnostics): void {
    const source = fault.node.getSourceFile();
    const { line, column } = source.getLineAndColumnAtPos(fault.node.getStart());
    const name = projectPath(this.#root, source.getFilePath());
    diagnostics.add(fault.code, {
      at: place({ name, text: source.getFullText() }, line, column),
      problem: fault.message,
      fix: fault.fix,
    });
  }
}

/** Reads a component's ports off the syntax, and asks the checker where that does not say enough. */
function portsOf(body: Body, types: TypeReader): CheckedPorts {
  const [inputs, outputs] = body.getParameters();
  if (inputs !== undefined && inputs.getTypeNode() === undefined) untyped(inputs);
  if (outputs !== undefined && outputs.getTypeNode() === undefined) untyped(outputs);
  try {
    return {
      inputs: membersOf(inputs?.getTypeNode(), types).map((member) =>
        portOf(member, types.port(member.type)),
      ),
      outputs: [
        ...membersOf(outputs?.getTypeNode(), types).map((member) => artifactPort(member, types)),
        ...returnedPorts(body, types),
      ],
      files: [],
    };
  } catch (error) {
    if (error instanceof NeedsChecker) return checkedPorts(body);
    throw error;
  }
}

function artifactPort(member: Member, types: TypeReader): Port {
  const type = types.port(member.type);
  if (type.kind === 'artifact') return portOf(member, type);
  throw new InterfaceFault(
    'FER2010',
    member.type,
    `the output "${member.name}" is no artifact`,
    'return it: what a component returns are its output parameters',
  );
}

function portOf({ name, optional, description }: Omit<Member, 'type'>, type: Port['type']): Port {
  return { name, type, optional, ...(description !== undefined && { description }) };
}

/** An input with a default in the pattern need not be given. */
function withDefaults(ports: readonly Port[], body: Body): Port[] {
  const defaults = defaultsOf(body);
  return ports.map((port) => {
    if (!defaults.has(port.name)) return port;
    const value = defaults.get(port.name);
    return { ...port, optional: true, ...(value !== undefined && { default: value }) };
  });
}

function membersOf(type: Parameters<TypeReader['members']>[0] | undefined, types: TypeReader) {
  if (type === undefined) return [];
  const members = types.members(type);
  for (const { name, type: node } of members)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new InterfaceFault(
        'FER2010',
        node,
        `"${name}" cannot name an input or output`,
        'use letters, digits and _',
      );
  return members;
}

function untyped(node: Node): never {
  throw new InterfaceFault(
    'FER2010',
    node,
    `"${node.getText()}" has no type`,
    `annotate it: ${supportedTypes}`,
  );
}

/** The constants that the pattern of the first parameter gives inputs; undefined for one without a constant. */
function defaultsOf(body: Body): ReadonlyMap<string, Port['default']> {
  const defaults = new Map<string, Port['default']>();
  const pattern = body.getParameters()[0]?.getNameNode();
  if (pattern === undefined || !Node.isObjectBindingPattern(pattern)) return defaults;
  for (const element of pattern.getElements()) {
    const initializer = element.getInitializer();
    if (initializer === undefined) continue;
    const name = element.getPropertyNameNode()?.getText() ?? element.getName();
    defaults.set(name, constantOf(initializer));
  }
  return defaults;
}

function returnedPorts(body: Body, types: TypeReader): Port[] {
  const annotation = body.getReturnTypeNode();
  if (annotation === undefined) {
    if (returnsValue(body))
      throw new InterfaceFault(
        'FER2011',
        body,
        'the component returns a value, and does not say of what type',
        'annotate the return type: `): Promise<{ accuracy: number }> => {`',
      );
    return [];
  }
  const returned = types.awaited(annotation);
  if (['void', 'undefined'].includes(returned.getText())) return [];
  if (!types.isObject(returned)) return [{ name: 'Output', type: types.value(returned), optional: false }];
  return membersOf(returned, types).map((member) =>
    portOf({ ...member, optional: false }, types.value(member.type)),
  );
}

/** Whether a function's own body, not one nested in it, returns something. */
function returnsValue(body: Body): boolean {
  const block = body.getBody();
  if (block === undefined || !Node.isBlock(block))
    return block !== undefined && !Node.isVoidExpression(block);
  return block
    .getDescendantsOfKind(SyntaxKind.ReturnStatement)
    .some(
      (statement) =>
        statement.getExpression() !== undefined &&
        statement.getFirstAncestor(
          (node) => Node.isFunctionLikeDeclaration(node) || Node.isFunctionExpression(node),
        ) === body,
    );
}

function exportedComponents(source: SourceFile) {
  const renamed = new Map<string, string>();
  for (const site of source.getExportDeclarations())
    if (!site.hasModuleSpecifier())
      for (const entry of site.getNamedExports())
        renamed.set(entry.getName(), entry.getAliasNode()?.getText() ?? entry.getName());
  return source.getVariableStatements().flatMap((statement) =>
    statement.getDeclarations().flatMap((declaration) => {
      const initializer = declaration.getInitializer();
      const call = initializer === undefined ? undefined : callIn(initializer);
      const local = declaration.getName();
      const name = statement.hasExportKeyword() ? local : renamed.get(local);
      if (
        call === undefined ||
        name === undefined ||
        !isComponentCall(source, call.getExpression().getText())
      )
        return [];
      return [{ name, declaration, call }];
    }),
  );
}

function callIn(node: Node) {
  if (Node.isCallExpression(node)) return node;
  if (Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node))
    return callIn(node.getExpression());
  return undefined;
}

function isComponentCall(source: SourceFile, callee: string): boolean {
  return source.getImportDeclarations().some((site) => {
    if (site.getModuleSpecifierValue() !== 'ferrule') return false;
    if (callee === `${site.getNamespaceImport()?.getText() ?? ''}.component`) return true;
    return site
      .getNamedImports()
      .some(
        (entry) =>
          entry.getName() === 'component' && (entry.getAliasNode()?.getText() ?? 'component') === callee,
      );
  });
}

function bodyOf(node: Node, source: SourceFile): Body {
  if (Node.isArrowFunction(node) || Node.isFunctionExpression(node)) return node;
  if (Node.isIdentifier(node)) {
    const name = node.getText();
    const named = source.getFunction(name) ?? source.getVariableDeclaration(name)?.getInitializer();
    if (
      named !== undefined &&
      (Node.isFunctionDeclaration(named) || Node.isArrowFunction(named) || Node.isFunctionExpression(named))
    )
      return named;
  }
  throw new InterfaceFault(
    'FER2003',
    node,
    'the body of a component must be a function of the same file: its interface is read from there',
    'write: component({ ... }, async (inputs: Inputs, out: Outputs) => { ... })',
  );
}

function resolveRelative(folder: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const base = path.resolve(folder, specifier);
  const candidates = [
    base,
    base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'),
    `${base}.ts`,
    `${base}.tsx`,
    path.join(base, 'index.ts'),
  ];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile());
}
