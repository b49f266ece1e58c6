/** What decides whether a branch runs. */
import type { RefObject } from './ref.ts';

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
  switch (condition.kind) {
    case 'comparison':
      return [condition.left, condition.right].flatMap((operand) =>
        operand.kind === 'ref' ? [operand.ref] : [],
      );
    case 'not':
      return refsOfCondition(condition.condition);
    default:
      return condition.parts.flatMap((part) => refsOfCondition(part));
  }
}
