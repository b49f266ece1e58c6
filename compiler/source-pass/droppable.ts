/** Marks what a bundler may drop where nothing uses it: imports that bring names, and initialisers of top-level consts. */
import type { MagicString } from 'magic-string';
import { Visitor, type Expression, type ImportDeclaration } from 'oxc-parser';
import { callOf, type UserModule } from './user-module.ts';

/** Before a specifier, it says that the import brings names and runs nothing that matters by itself. */
export const userImport = 'ferrule-user:';

/** Marks the imports of a module that bring names. `import './setup.ts'` stays as it is: it is there for its effect. */
export function markImports(
  module: UserModule,
  code: MagicString,
  removed: readonly { readonly start: number; readonly end: number }[] = [],
): void {
  for (const { specifier, start, end } of module.imports)
    if (!removed.some((statement) => statement.start <= start && end <= statement.end))
      code.overwrite(start, end, JSON.stringify(`${userImport}${specifier}`));
}

/**
 * Finds the imports whose names nothing uses outside of hidden parts, the bodies of components: what is not traced
 * shall not even be looked for.
 */
export function importsOfBodies(
  module: UserModule,
  isHidden: (node: { readonly start: number }) => boolean,
): ImportDeclaration[] {
  const imports = module.program.body.filter((statement) => statement.type === 'ImportDeclaration');
  const isImport = (start: number): boolean =>
    imports.some((site) => site.start <= start && start < site.end);
  const used = new Set<string>();
  const take = (node: { readonly name: string; readonly start: number }): void => {
    if (!isHidden(node) && !isImport(node.start)) used.add(node.name);
  };
  new Visitor({ Identifier: take, JSXIdentifier: take }).visit(module.program);
  return imports.filter(
    ({ specifiers }) => specifiers.length > 0 && specifiers.every(({ local }) => !used.has(local.name)),
  );
}

/**
 * Marks calls that initialise top-level consts as free of side effects, in files that hold components: what a
 * sibling component prepares for itself shall not stay in another one's bundle.
 */
export function markPureInitialisers(module: UserModule, code: MagicString): void {
  const own = new Set(module.components.map(({ call }) => call.start));
  for (const init of topInitialisers(module)) {
    const call = init.type === 'NewExpression' ? init : callOf(init);
    if (call !== undefined && !own.has(call.start)) code.appendLeft(call.start, '/* @__PURE__ */ ');
  }
}

/**
 * Makes the other initialisers droppable too, such as `process.env['KEY']!.trim()` or `limits.rows`: what only bodies
 * use is not worked out where no body is.
 */
export function markDroppableInitialisers(module: UserModule, code: MagicString): void {
  for (const init of topInitialisers(module)) {
    if (init.type === 'NewExpression' || callOf(init) !== undefined || !mayThrow.has(init.type)) continue;
    // A function around it would change what these mean.
    if (/\b(?:await|yield)\b/.test(module.source.text.slice(init.start, init.end))) continue;
    code.prependLeft(init.start, '/* @__PURE__ */ (() => (');
    code.appendRight(init.end, '))()');
  }
}

const mayThrow: ReadonlySet<string> = new Set([
  'MemberExpression', 'ChainExpression', 'TSNonNullExpression', 'TSAsExpression', 'TSSatisfiesExpression',
  'LogicalExpression', 'BinaryExpression', 'ConditionalExpression', 'TemplateLiteral',
]); // prettier-ignore

/** Lists the initialisers of a file's top-level variables, in files that hold components. */
function topInitialisers(module: UserModule): Expression[] {
  if (module.components.length === 0) return [];
  return module.program.body.flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return declaration.declarations.flatMap(({ init }) => (init === null ? [] : [init]));
  });
}
