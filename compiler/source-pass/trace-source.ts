/**
 * Rewrites a user's file so that its pipelines can be traced: bodies of components give way to a mark, heavy imports
 * become droppable, and tests on values are watched, because a Ref in an `if` is something TypeScript cannot see.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MagicString } from 'magic-string';
import {
  Visitor,
  type CallExpression,
  type Expression,
  type ObjectExpression,
  type PrivateIdentifier,
} from 'oxc-parser';
import { documentationBefore } from './documentation.ts';
import {
  importsOfBodies,
  markDroppableInitialisers,
  markImports,
  markPureInitialisers,
} from './droppable.ts';
import { bodyArgument, type UserModule } from './user-module.ts';

/** What stands in place of a component's body. */
export interface ComponentMark {
  readonly file: string;
  readonly name: string;
  /** Offset of the call in its file. */
  readonly start: number;
}

/** What `pipeline()` gets as a fourth argument. */
export interface PipelineMark {
  readonly file: string;
  readonly start: number;
  readonly description?: string;
  readonly params: Readonly<Record<string, ParameterMark>>;
}

interface ParameterMark {
  readonly start: number;
  readonly description?: string;
}

/** What `required()`, `optional()` and `importer()` get: where their type is written, which is gone when they run. */
export interface RequiredMark {
  readonly file: string;
  /** Source text of `T` in `required<T>()`. */
  readonly type: string;
}

/** Name of the function, on globalThis, that watches tested values. */
export const watcher = '__ferruleWatch';

/** Rewrites a module for tracing. The result is TypeScript still. */
export function traceSource(module: UserModule): MagicString {
  const { source, components, names } = module;
  const code = new MagicString(source.text, { filename: source.path });
  const hidden = components.flatMap((declaration) => bodyArgument(declaration) ?? []);
  const isHidden = (node: { start: number }): boolean =>
    hidden.some(({ start, end }) => start <= node.start && node.start < end);

  const containers = components.flatMap(({ form, call }) => (form === 'container' ? [call] : []));
  const isDescribed = (node: { start: number }): boolean =>
    containers.some(({ start, end }) => start <= node.start && node.start < end);

  for (const declaration of components) {
    const { name, call } = declaration;
    const body = bodyArgument(declaration);
    const first = call.arguments[0];
    const mark: ComponentMark = { file: source.name, name, start: call.start };
    code.appendLeft(call.start, '/* @__PURE__ */ ');
    if (body !== undefined) code.overwrite(body.start, body.end, JSON.stringify(mark));
    else if (declaration.form !== 'component' && first !== undefined)
      code.prependLeft(first.start, `${JSON.stringify(mark)}, `);
  }
  const unused = importsOfBodies(module, isHidden);
  for (const { start, end } of unused) code.remove(start, end);
  markImports(module, code, unused);
  markPureInitialisers(module, code);
  markDroppableInitialisers(module, code);

  const watch = (value: { type: string; start: number; end: number }, how: string): void => {
    if (value.type === 'Literal' || value.type === 'PrivateIdentifier' || isHidden(value)) return;
    code.appendLeft(value.start, `${watcher}(`);
    code.appendLeft(value.end, `, ${JSON.stringify(how)}, ${JSON.stringify(source.name)}, ${value.start})`);
  };
  new Visitor({
    'IfStatement:exit': ({ test }) => watch(test, 'if'),
    'ConditionalExpression:exit': ({ test }) => watch(test, '?:'),
    'WhileStatement:exit': ({ test }) => watch(test, 'while'),
    'DoWhileStatement:exit': ({ test }) => watch(test, 'while'),
    'ForStatement:exit': ({ test }) => test !== null && watch(test, 'for'),
    'SwitchStatement:exit': ({ discriminant }) => watch(discriminant, 'switch'),
    'LogicalExpression:exit': ({ left, operator }) => watch(left, operator),
    'UnaryExpression:exit': ({ argument, operator }) =>
      ['!', '-', '+', '~'].includes(operator) && watch(argument, operator),
    'BinaryExpression:exit': ({ left, right, operator }) => {
      if (operator === 'in' || operator === 'instanceof') return;
      // Of a container's inputs all are there while its function runs, also those that need not be given.
      if ((isNothing(left) || isNothing(right)) && !isDescribed(left)) return;
      watch(left, operator);
      watch(right, operator);
    },
    CallExpression: (call) => {
      if (isHidden(call)) return;
      const called = names.calls(call);
      if (called === 'pipeline') markPipeline(module, call, code);
      else if (called === 'required' || called === 'optional') markRequired(module, call, code);
      else if (called === 'importer') markImporter(module, call, code);
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'MetaProperty' || isHidden(node)) return;
      const value =
        node.computed || node.property.type !== 'Identifier'
          ? undefined
          : metaOf(source.path, node.property.name);
      if (value !== undefined) code.overwrite(node.start, node.end, JSON.stringify(value));
    },
  }).visit(module.program);
  return code;
}

/** What `import.meta` says of a file: the trace runs it at another place. */
function metaOf(file: string, property: string): string | undefined {
  switch (property) {
    case 'url':
      return pathToFileURL(file).href;
    case 'dirname':
      return path.dirname(file);
    case 'filename':
      return file;
    default:
      return undefined;
  }
}

/** Whether there is a Ref at all may be asked: `x === undefined`. */
function isNothing(node: Expression | PrivateIdentifier): boolean {
  return node.type === 'Identifier'
    ? node.name === 'undefined'
    : node.type === 'Literal' && node.value === null && node.raw === 'null';
}

function markPipeline(module: UserModule, call: CallExpression, code: MagicString): void {
  const last = call.arguments[2];
  if (last === undefined || call.arguments.length !== 3) return;
  const params = call.arguments[1];
  const statement = module.program.body.find(({ start, end }) => start <= call.start && call.end <= end);
  const description = statement && documentationBefore(module, statement.start);
  const mark: PipelineMark = {
    file: module.source.name,
    start: call.start,
    ...(description !== undefined && { description }),
    params: params?.type === 'ObjectExpression' ? parameterMarks(module, params) : {},
  };
  code.appendLeft(last.end, `, ${JSON.stringify(mark)}`);
}

function parameterMarks(module: UserModule, params: ObjectExpression): Record<string, ParameterMark> {
  const marks: Record<string, ParameterMark> = {};
  for (const property of params.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const key = property.key;
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
    if (name === undefined) continue;
    const description = documentationBefore(module, property.start);
    marks[name] = {
      start: property.start,
      ...(description !== undefined && { description }),
    };
  }
  return marks;
}

function markRequired(module: UserModule, call: CallExpression, code: MagicString): void {
  const type = call.typeArguments?.params[0];
  if (type === undefined || call.arguments.length > 0) return;
  const mark: RequiredMark = {
    file: module.source.name,
    type: module.source.text.slice(type.start, type.end),
  };
  code.appendLeft(call.end - 1, JSON.stringify(mark));
}

/** An importer's mark comes first: whether there are task options is up to the user. */
function markImporter(module: UserModule, call: CallExpression, code: MagicString): void {
  const type = call.typeArguments?.params[0];
  const first = call.arguments[0];
  if (first === undefined) return;
  const mark: RequiredMark | null =
    type === undefined
      ? null
      : { file: module.source.name, type: module.source.text.slice(type.start, type.end) };
  code.prependLeft(first.start, `${JSON.stringify(mark)}, `);
}
