/** Reads the interfaces of a file's components from their source. This folder alone knows ts-morph. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Node, Project, ScriptTarget, type CallExpression, type SourceFile, type TypeNode } from 'ts-morph';
import type { Diagnostics } from '../diagnostics.ts';
import { projectPath } from '../project.ts';
import { describe } from '../source-pass/documentation.ts';
import type { UserModule } from '../source-pass/user-module.ts';
import { place, type SourceText } from '../source-text.ts';
import { checkedType } from './checked-types.ts';
import { bodyOf, isBody } from './component-body.ts';
import type { ComponentInterface, PortType } from './component-interface.ts';
import type { FindConst } from './constants.ts';
import { declaredPorts } from './declared-ports.ts';
import { InterfaceFault, NeedsChecker } from './interface-fault.ts';
import { portsOf, withDefaults } from './ports.ts';
import { TypeReader } from './type-reader.ts';

/** What a file declares. Components and types with a fault are left out. */
export interface FileInterfaces {
  readonly components: readonly ComponentInterface[];
  /** The types of `required<T>()`, by their source text. */
  readonly required: Readonly<Record<string, PortType>>;
  /** Absolute paths of all files that had a say. */
  readonly files: readonly string[];
}

/** Reads files' interfaces, opening each file once. */
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

  /** Reads what a file declares; faults are reported. */
  read(module: UserModule, diagnostics: Diagnostics): FileInterfaces {
    const opened = new Set([module.source.path]);
    const types = new TypeReader((from, specifier) => {
      const target = resolveRelative(path.dirname(from.getFilePath()), specifier);
      if (target === undefined) return undefined;
      opened.add(target);
      return this.#open(target);
    });
    const source = this.#openText(module.source);
    const use = <T>(checked: { readonly files: readonly string[]; readonly found: T }): T => {
      for (const file of checked.files) opened.add(file);
      return checked.found;
    };
    const findConst: FindConst = (at, constant) => types.constant(at.getSourceFile(), constant);
    const components = module.components.flatMap(({ form, name, call }) =>
      this.#reporting(diagnostics, () => {
        const node = callAt(source, call);
        const body = form === 'component' ? bodyOf(node) : node.getArguments()[0];
        const { inputs, outputs } = use(
          form === 'component' ? portsOf(bodyOf(node), types) : declaredPorts(node, form, types),
        );
        const file = projectPath(this.#root, module.source.path);
        return {
          name,
          file,
          ...described(node),
          inputs: isBody(body) ? withDefaults(inputs, body, findConst) : inputs,
          outputs,
        };
      }),
    );
    const required = module.required.flatMap(({ text, start }) =>
      this.#reporting(diagnostics, () => {
        const node = typeArgumentAt(source, start);
        return [text, use(typeOf(node, types))] as const;
      }),
    );
    return { components, required: Object.fromEntries(required), files: [...opened] };
  }

  #open(file: string): SourceFile {
    return this.#project.getSourceFile(file) ?? this.#project.addSourceFileAtPath(file);
  }

  /** Opens a file with the text that was parsed, so that offsets are the same. */
  #openText({ path: file, text }: SourceText): SourceFile {
    return this.#project.createSourceFile(file, text, { overwrite: true });
  }

  #reporting<T>(diagnostics: Diagnostics, work: () => T): T[] {
    try {
      return [work()];
    } catch (error) {
      if (!(error instanceof InterfaceFault)) throw error;
      const source = error.node.getSourceFile();
      const { line, column } = source.getLineAndColumnAtPos(error.node.getStart());
      const name = projectPath(this.#root, source.getFilePath());
      diagnostics.add(error.code, {
        at: place({ name, text: source.getFullText() }, line, column),
        problem: error.message,
        fix: error.fix,
      });
      return [];
    }
  }
}

/** Finds the call that covers a range. */
function callAt(source: SourceFile, { start, end }: { start: number; end: number }): CallExpression {
  const found = source
    .getDescendantAtPos(start)
    ?.getFirstAncestor((node) => node.getStart() === start && node.getEnd() === end && isCall(node));
  if (found !== undefined && isCall(found)) return found;
  throw new Error(`${source.getFilePath()} has no call at ${start}`);
}

/** Finds the type that a call is given, by the place where it starts. */
function typeArgumentAt(source: SourceFile, start: number): TypeNode {
  const argumentOf = (node: Node): TypeNode | undefined =>
    isCall(node) ? node.getTypeArguments().find((type) => type.getStart() === start) : undefined;
  const call = source.getDescendantAtPos(start)?.getFirstAncestor((node) => argumentOf(node) !== undefined);
  const found = call && argumentOf(call);
  if (found !== undefined) return found;
  throw new Error(`${source.getFilePath()} has no type at ${start}`);
}

function isCall(node: Node): node is CallExpression {
  return Node.isCallExpression(node);
}

function described(call: CallExpression): { description?: string } {
  const statement = call.getFirstAncestor((node) => Node.isVariableStatement(node));
  const comment = statement?.getJsDocs().at(-1)?.getInnerText();
  const description = comment === undefined ? undefined : describe(comment);
  return description === undefined ? {} : { description };
}

function typeOf(node: TypeNode, types: TypeReader) {
  try {
    return { found: types.port(node), files: [] };
  } catch (error) {
    if (error instanceof NeedsChecker) return checkedType(node);
    throw error;
  }
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
