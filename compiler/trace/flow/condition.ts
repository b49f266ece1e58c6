/** What decides whether a branch runs. */
import type { RefObject } from '../ref.ts';

export type Condition =
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };

export type ComparisonOperator = '==' | '!=' | '>' | '>=' | '<' | '<=';

export type Operand =
  | { readonly kind: 'ref'; readonly ref: RefObject }
  | { readonly kind: 'constant'; readonly value: string | number | boolean };

/** Lists the Refs that a condition looks at. */
export function refsOfCondition(condition: Condition): RefObject[] {
  return operandsOf(condition).flatMap((operand) => (operand.kind === 'ref' ? [operand.ref] : []));
}

/** Lists the constant texts that a condition compares with. */
export function textsOfCondition(condition: Condition): string[] {
  return operandsOf(condition).flatMap((operand) =>
    operand.kind === 'constant' && typeof operand.value === 'string' ? [operand.value] : [],
  );
}

function operandsOf(condition: Condition): Operand[] {
  switch (condition.kind) {
    case 'comparison':
      return [condition.left, condition.right];
    case 'not':
      return operandsOf(condition.condition);
    default:
      return condition.parts.flatMap((part) => operandsOf(part));
  }
}
