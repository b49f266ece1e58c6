/** Follows names through a user's files: to the declarations of types, and to the values of consts. */
import {
  Node,
  VariableDeclarationKind,
  type Expression,
  type InterfaceDeclaration,
  type SourceFile,
  type TypeAliasDeclaration,
  type TypeNode,
} from 'ts-morph';
import { NeedsChecker } from './interface-fault.ts';

/** What a type's name leads to: a declaration of the user's, or a name of Ferrule's or of the language. */
export type Meaning =
  | { readonly kind: 'declared'; readonly declaration: InterfaceDeclaration | TypeAliasDeclaration }
  | { readonly kind: 'ferrule'; readonly name: string }
  | { readonly kind: 'global'; readonly name: string };

/** Opens the file that a relative import of another file means; undefined where there is none. */
export type OpenFile = (from: SourceFile, specifier: string) => SourceFile | undefined;

export class Names {
  readonly #open: OpenFile;

  constructor(open: OpenFile) {
    this.#open = open;
  }

  /** What a type that is a name means; undefined for types of other forms. Throws NeedsChecker where others decide. */
  meaningOf(type: TypeNode): Meaning | undefined {
    const name = nameOf(type);
    return name === undefined ? undefined : this.#typeIn(type.getSourceFile(), name);
  }

  /** Finds the initialiser of a top-level const by its name in a file; undefined where it is none or not found. */
  constant(file: SourceFile, name: string): Expression | undefined {
    const declaration = file.getVariableDeclaration(name);
    if (declaration !== undefined)
      return declaration.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const
        ? declaration.getInitializer()
        : undefined;
    const found = importOf(file, name);
    const target = found && this.#open(file, found.specifier);
    return target && this.#exportedConstant(target, found.name);
  }

  #exportedConstant(file: SourceFile, name: string): Expression | undefined {
    if (file.getVariableDeclaration(name) !== undefined) return this.constant(file, name);
    for (const { specifier, exported } of exportsOf(file)) {
      const target = specifier === undefined ? file : this.#open(file, specifier);
      const local = exported === undefined ? name : exported.get(name);
      if (target === undefined || local === undefined) continue;
      const found =
        specifier === undefined ? this.constant(target, local) : this.#exportedConstant(target, local);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #typeIn(file: SourceFile, name: string): Meaning {
    const declaration = file.getInterface(name) ?? file.getTypeAlias(name);
    if (declaration !== undefined) return { kind: 'declared', declaration };
    if (file.getEnum(name) !== undefined) throw new NeedsChecker();
    const found = importOf(file, name);
    return found === undefined ? { kind: 'global', name } : this.#imported(file, found);
  }

  #imported(from: SourceFile, { specifier, name }: Import): Meaning {
    if (specifier === 'ferrule') return { kind: 'ferrule', name };
    const file = this.#open(from, specifier);
    if (file === undefined) throw new NeedsChecker();
    const declaration = file.getInterface(name) ?? file.getTypeAlias(name);
    if (declaration !== undefined) return { kind: 'declared', declaration };
    for (const { specifier: next, exported } of exportsOf(file)) {
      const local = exported?.get(name);
      if (local !== undefined)
        return next === undefined
          ? this.#typeIn(file, local)
          : this.#imported(file, { specifier: next, name: local });
      if (exported !== undefined || next === undefined) continue;
      const through = this.#open(file, next);
      if (through?.getInterface(name) !== undefined || through?.getTypeAlias(name) !== undefined)
        return this.#typeIn(through, name);
    }
    throw new NeedsChecker();
  }
}

/** A name as its file exports it. */
interface Import {
  readonly specifier: string;
  readonly name: string;
}

function importOf(file: SourceFile, name: string): Import | undefined {
  for (const site of file.getImportDeclarations()) {
    const specifier = site.getModuleSpecifierValue();
    const found = site
      .getNamedImports()
      .find((entry) => (entry.getAliasNode()?.getText() ?? entry.getName()) === name);
    if (found !== undefined) return { specifier, name: found.getName() };
    const namespace = site.getNamespaceImport()?.getText();
    if (namespace !== undefined && name.startsWith(`${namespace}.`))
      return { specifier, name: name.slice(namespace.length + 1) };
  }
  return undefined;
}

/** One `export` statement: the local names by the exported ones; undefined for `export *`. */
interface ExportSite {
  /** Undefined where it exports names of its own file. */
  readonly specifier: string | undefined;
  readonly exported: ReadonlyMap<string, string> | undefined;
}

function exportsOf(file: SourceFile): ExportSite[] {
  return file.getExportDeclarations().map((site) => ({
    specifier: site.getModuleSpecifierValue(),
    exported: site.isNamespaceExport()
      ? undefined
      : new Map(
          site
            .getNamedExports()
            .map((entry) => [entry.getAliasNode()?.getText() ?? entry.getName(), entry.getName()]),
        ),
  }));
}

function nameOf(type: TypeNode): string | undefined {
  if (Node.isTypeReference(type)) return type.getTypeName().getText();
  return Node.isExpressionWithTypeArguments(type) ? type.getExpression().getText() : undefined;
}
