/** Reads constant defaults off their syntax. */
import { Node, SyntaxKind, VariableDeclarationKind, type Expression } from 'ts-morph';
import type { JsonValue } from '../../spec/index.ts';
import { InterfaceFault } from './interface-fault.ts';

/** Reads an expression's value. Throws an InterfaceFault where it is no constant; `undefined` gives undefined. */
export function constantOf(expression: Expression): JsonValue | undefined {
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
    return constantOf(expression.getExpression());
  if (Node.isPrefixUnaryExpression(expression)) return signed(expression.getOperatorToken(), expression);
  if (Node.isArrayLiteralExpression(expression))
    return expression.getElements().map((item) => constantOf(item) ?? notConstant(item));
  if (Node.isObjectLiteralExpression(expression))
    return Object.fromEntries(
      expression.getProperties().map((property) => {
        if (!Node.isPropertyAssignment(property)) return notConstant(property);
        const value = property.getInitializerOrThrow();
        return [property.getName().replaceAll(/^['"]|['"]$/g, ''), constantOf(value) ?? notConstant(value)];
      }),
    );
  if (Node.isIdentifier(expression)) return named(expression.getText(), expression);
  return notConstant(expression);
}

function signed(operator: SyntaxKind, expression: Expression): JsonValue {
  const operand = Node.isPrefixUnaryExpression(expression) ? expression.getOperand() : undefined;
  if (operand === undefined || !Node.isNumericLiteral(operand)) return notConstant(expression);
  const value = operand.getLiteralValue();
  if (operator === SyntaxKind.MinusToken) return -value;
  return operator === SyntaxKind.PlusToken ? value : notConstant(expression);
}

/** A const of the same file with a constant value is a constant too. */
function named(name: string, use: Expression): JsonValue | undefined {
  if (name === 'undefined') return undefined;
  const declaration = use.getSourceFile().getVariableDeclaration(name);
  const initializer = declaration?.getInitializer();
  const isConst = declaration?.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const;
  return isConst && initializer !== undefined ? constantOf(initializer) : notConstant(use);
}

function notConstant(node: Node): never {
  throw new InterfaceFault(
    'FER2009',
    node,
    `the default "${node.getText()}" is not a constant`,
    'write a literal; compute in the body where the input is undefined',
  );
}
