/** Reads constant defaults off their syntax. */
import { Node, SyntaxKind, type Expression } from 'ts-morph';
import type { JsonValue } from '../../spec/index.ts';
import { InterfaceFault } from './interface-fault.ts';

/** Finds the initialiser of the top-level const that a name means in a node's file, its own or an imported one. */
export type FindConst = (use: Node, name: string) => Expression | undefined;

/** Reads an expression's value. Throws an InterfaceFault where it is no constant; `undefined` gives undefined. */
export function constantOf(expression: Expression, findConst: FindConst): JsonValue | undefined {
  const read = (inner: Expression): JsonValue => constantOf(inner, findConst) ?? notConstant(inner);
  if (Node.isStringLiteral(expression) || Node.isNoSubstitutionTemplateLiteral(expression))
    return expression.getLiteralValue();
  if (Node.isNumericLiteral(expression)) return expression.getLiteralValue();
  if (Node.isTrueLiteral(expression)) return true;
  if (Node.isFalseLiteral(expression)) return false;
  if (
    Node.isParenthesizedExpression(expression) ||
    Node.isAsExpression(expression) ||
    Node.isSatisfiesExpression(expression)
  )
    return constantOf(expression.getExpression(), findConst);
  if (Node.isPrefixUnaryExpression(expression))
    return signed(expression.getOperatorToken(), read(expression.getOperand()), expression);
  if (Node.isBinaryExpression(expression)) {
    const [left, right] = [read(expression.getLeft()), read(expression.getRight())];
    return computed(expression.getOperatorToken().getText(), left, right) ?? notConstant(expression);
  }
  if (Node.isArrayLiteralExpression(expression)) return expression.getElements().map(read);
  if (Node.isObjectLiteralExpression(expression))
    return Object.fromEntries(
      expression.getProperties().map((property) => {
        if (!Node.isPropertyAssignment(property)) return notConstant(property);
        const name = property.getName().replaceAll(/^['"]|['"]$/g, '');
        return [name, read(property.getInitializerOrThrow())];
      }),
    );
  if (Node.isPropertyAccessExpression(expression)) {
    const owner = expression.getExpression();
    if (Node.isIdentifier(owner) && findConst(owner, owner.getText()) === undefined)
      return notConstant(expression);
    return memberOf(read(owner), expression.getName()) ?? notConstant(expression);
  }
  if (!Node.isIdentifier(expression)) return notConstant(expression);
  if (expression.getText() === 'undefined') return undefined;
  const initializer = findConst(expression, expression.getText());
  return initializer === undefined ? notConstant(expression) : constantOf(initializer, findConst);
}

function signed(operator: SyntaxKind, value: JsonValue, expression: Expression): JsonValue {
  if (typeof value !== 'number') return notConstant(expression);
  if (operator === SyntaxKind.MinusToken) return -value;
  return operator === SyntaxKind.PlusToken ? value : notConstant(expression);
}

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '**': (left, right) => left ** right,
};

function computed(operator: string, left: JsonValue, right: JsonValue): JsonValue | undefined {
  if (typeof left === 'number' && typeof right === 'number') return arithmetic[operator]?.(left, right);
  return operator === '+' && typeof left === 'string' && typeof right === 'string' ? left + right : undefined;
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[name];
}

function notConstant(node: Node): never {
  if (Node.isNullLiteral(node))
    throw new InterfaceFault(
      'FER2009',
      node,
      'the default null has no form among the parameters of KFP',
      'leave the default out: an input that is not given is undefined',
    );
  throw new InterfaceFault(
    'FER2009',
    node,
    `the default "${node.getText()}" is not a constant`,
    'write a literal; compute in the body where the input is undefined',
  );
}
