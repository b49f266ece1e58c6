/** Parses a user's file and finds what Ferrule must know of it: components, pipelines, imports, syntax errors. */
import {
  parseSync,
  type CallExpression,
  type Expression,
  type Program,
  type VariableDeclarator,
} from 'oxc-parser';
import { UserError } from '../../errors/index.ts';
import { locate, type SourceText } from '../source-text.ts';
import { ferruleNames, type FerruleNames } from './ferrule-names.ts';
import { misuses } from './misuses.ts';
import { requiredTypes, type TypeSite } from './required-types.ts';

export interface UserModule {
  readonly source: SourceText;
  readonly program: Program;
  readonly comments: readonly SourceComment[];
  readonly names: FerruleNames;
  readonly components: readonly ComponentDeclaration[];
  readonly required: readonly TypeSite[];
  readonly imports: readonly ImportSite[];
  /** What is wrong with the file itself. With a syntax error nothing else of it can be trusted. */
  readonly faults: readonly UserError[];
}

interface SourceComment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isDocumentation: boolean;
}

/** `export const name = component(options, body)`, or one of its relatives. */
export interface ComponentDeclaration {
  readonly form: ComponentForm;
  /** The name it is exported by; of those that need not be exported, the name of the const. */
  readonly name: string;
  readonly call: CallExpression;
}

/** Which function declares it: `component`, whose body is the user's code, `container` or `loadComponent`. */
export type ComponentForm = 'component' | 'container' | 'loadComponent';

const forms: Readonly<Record<string, ComponentForm>> = {
  component: 'component',
  container: 'container',
  loadComponent: 'loadComponent',
};

/** The body of a component that the user wrote in TypeScript; undefined for the other forms. */
export function bodyArgument({
  form,
  call,
}: ComponentDeclaration): CallExpression['arguments'][number] | undefined {
  return form === 'component' ? call.arguments[1] : undefined;
}

/** The module specifier of an import that brings names; one that only runs a file is not listed. */
interface ImportSite {
  readonly specifier: string;
  /** Range of the specifier with its quotes. */
  readonly start: number;
  readonly end: number;
}

/** Parses a file. Faults are collected in the result, never thrown. */
export function parseUserModule(source: SourceText): UserModule {
  const parsed = parseSync(source.path, source.text, { lang: languageOf(source.path) });
  const program = parsed.program;
  const names = ferruleNames(program);
  const syntax = parsed.errors.map(
    (error) =>
      new UserError('FER2001', {
        at: locate(source, error.labels[0]?.start ?? 0),
        problem: error.message,
        ...(error.helpMessage !== null && { fix: error.helpMessage }),
      }),
  );
  const components = syntax.length > 0 ? [] : componentsOf(program, names);
  return {
    source,
    program,
    comments: parsed.comments.map(({ type, value, start, end }) => ({
      text: value,
      start,
      end,
      isDocumentation: type === 'Block' && value.startsWith('*'),
    })),
    names,
    components,
    required: syntax.length > 0 ? [] : requiredTypes(source, program, names),
    imports: parsed.module.staticImports
      .filter((site) => site.entries.length > 0 && site.entries.some((entry) => !entry.isType))
      .map((site) => site.moduleRequest)
      .concat(
        parsed.module.staticExports.flatMap(({ entries }) =>
          entries.flatMap(({ moduleRequest, isType }) =>
            moduleRequest === null || moduleRequest === undefined || isType ? [] : [moduleRequest],
          ),
        ),
      )
      .map(({ value, start, end }) => ({ specifier: value, start, end }))
      .filter((site, index, all) => all.findIndex(({ start }) => start === site.start) === index),
    faults: syntax.length > 0 ? syntax : misuses(source, program, names, components),
  };
}

function languageOf(path: string): 'ts' | 'tsx' | 'js' | 'jsx' {
  const extension = /\.[cm]?([jt]sx?)$/.exec(path)?.[1];
  return extension === 'tsx' || extension === 'js' || extension === 'jsx' ? extension : 'ts';
}

/** Finds the component calls that initialise top-level consts; those of component() itself only where they are exported. */
function componentsOf(program: Program, names: FerruleNames): ComponentDeclaration[] {
  const exported = new Map<string, string>();
  const aliases: (readonly [string, string])[] = [];
  const declared: { local: string; form: ComponentForm; call: CallExpression }[] = [];
  const take = (declarators: readonly VariableDeclarator[], isExported: boolean): void => {
    for (const { id, init } of declarators) {
      if (id.type !== 'Identifier' || init === null) continue;
      const call = callOf(init);
      const form = call && forms[names.calls(call) ?? ''];
      if (call === undefined || form === undefined) continue;
      declared.push({ local: id.name, form, call });
      if (isExported) exported.set(id.name, id.name);
    }
  };
  for (const statement of program.body) {
    if (statement.type === 'VariableDeclaration' && statement.kind === 'const')
      take(statement.declarations, false);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    if (statement.declaration?.type === 'VariableDeclaration' && statement.declaration.kind === 'const')
      take(statement.declaration.declarations, true);
    if (statement.source === null)
      for (const { local, exported: as } of statement.specifiers)
        if (local.type === 'Identifier' && as.type === 'Identifier' && as.name !== 'default')
          aliases.push([local.name, as.name]);
  }
  // Of several names, the one it is declared by is its own, or else the first one.
  for (const [local, as] of aliases) if (!exported.has(local)) exported.set(local, as);
  return declared.flatMap(({ local, form, call }) => {
    const name = exported.get(local) ?? (form === 'component' ? undefined : local);
    return name === undefined ? [] : [{ form, name, call }];
  });
}

/** Sees through parentheses and type annotations. */
export function callOf(expression: Expression): CallExpression | undefined {
  switch (expression.type) {
    case 'CallExpression':
      return expression;
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return callOf(expression.expression);
    default:
      return undefined;
  }
}
