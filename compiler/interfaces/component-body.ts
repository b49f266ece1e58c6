/** A component's body, and what its syntax alone says of the interface. */
import {
  Node,
  SyntaxKind,
  type ArrowFunction,
  type CallExpression,
  type FunctionDeclaration,
  type FunctionExpression,
} from 'ts-morph';
import type { Port } from './component-interface.ts';
import { constantOf, type FindConst } from './constants.ts';
import { InterfaceFault } from './interface-fault.ts';

export type Body = ArrowFunction | FunctionExpression | FunctionDeclaration;

/** Finds the body that a call of component() is given. Throws an InterfaceFault where there is none to read. */
export function bodyOf(call: CallExpression): Body {
  const given = call.getArguments()[1] ?? call;
  const body = Node.isIdentifier(given) ? functionOf(given.getSourceFile(), given.getText()) : given;
  if (body === undefined || !isBody(body))
    throw new InterfaceFault(
      'FER2003',
      given,
      'the body of a component must be a function of the same file: its interface is read from there',
      'write: component({ ... }, async (inputs: Inputs, out: Outputs) => { ... })',
    );
  if (!Node.isArrowFunction(body) && body.isGenerator())
    throw new InterfaceFault(
      'FER2003',
      given,
      'the body of a component is a generator, which nobody would run to its end',
      'write a function or an async function',
    );
  return body;
}

/** Whether a node is a function whose signature can be read. */
export function isBody(node: Node | undefined): node is Body {
  return Node.isArrowFunction(node) || Node.isFunctionExpression(node) || Node.isFunctionDeclaration(node);
}

function functionOf(source: ReturnType<Node['getSourceFile']>, name: string): Node | undefined {
  return source.getFunction(name) ?? source.getVariableDeclaration(name)?.getInitializer();
}

/** Reads the constants that the pattern of the first parameter gives inputs; undefined for one without a constant. */
export function defaultsOf(body: Body, findConst: FindConst): ReadonlyMap<string, Default> {
  const defaults = new Map<string, Default>();
  const pattern = body.getParameters()[0]?.getNameNode();
  if (pattern === undefined || !Node.isObjectBindingPattern(pattern)) return defaults;
  for (const element of pattern.getElements()) {
    const node = element.getInitializer();
    if (node === undefined) continue;
    const name = element.getPropertyNameNode()?.getText() ?? element.getName();
    defaults.set(name, { value: constantOf(node, findConst), node });
  }
  return defaults;
}

interface Default {
  readonly value: Port['default'];
  readonly node: Node;
}

/** Whether a function's own body, not one nested in it, returns something. */
export function returnsValue(body: Body): boolean {
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
