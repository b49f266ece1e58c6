/** Writes conditions as CEL expressions, as KFP's compiler does where it is right. */
import type { ComparisonOperator, Condition, Operand } from '../trace/flow/condition.ts';
import type { RefObject } from '../trace/ref.ts';
import { pythonNumber } from './python-json.ts';

/** Gives the name of the input that holds a Ref's value. */
export type InputName = (ref: RefObject) => string;

/** Writes conditions that must all hold. */
export function celOf(conditions: readonly Condition[], inputName: InputName): string {
  return conditions.map((condition) => written(condition, inputName, conditions.length > 1)).join(' && ');
}

/** `isPart` says that the text stands beside a `&&`: what binds weaker gets parentheses. */
function written(condition: Condition, inputName: InputName, isPart: boolean): string {
  switch (condition.kind) {
    case 'comparison':
      return comparison(condition.operator, condition.left, condition.right, inputName);
    case 'not':
      return `!(${written(condition.condition, inputName, false)})`;
    case 'and':
      return condition.parts.map((part) => written(part, inputName, true)).join(' && ');
    case 'or': {
      const text = condition.parts.map((part) => written(part, inputName, false)).join(' || ');
      return isPart ? `(${text})` : text;
    }
  }
}

function comparison(
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  inputName: InputName,
): string {
  const sides = [left, right];
  // Every number of a run is a double: an integer is made one of CEL's, unless the other side is none.
  const isMixed =
    sides.some((side) => numberKind(side) === 'double') && sides.some((side) => numberKind(side) === 'int');
  const [a, b] = sides.map((side) => {
    const text = operand(side, inputName);
    return isMixed && numberKind(side) === 'int' ? `double(${text})` : text;
  });
  return `${a ?? ''} ${operator} ${b ?? ''}`;
}

function numberKind(side: Operand): 'int' | 'double' | undefined {
  if (side.kind === 'constant') {
    if (typeof side.value !== 'number') return undefined;
    return Number.isSafeInteger(side.value) ? 'int' : 'double';
  }
  const kind = side.ref.type?.kind;
  return kind === 'integer' ? 'int' : kind === 'number' ? 'double' : undefined;
}

function operand(side: Operand, inputName: InputName): string {
  if (side.kind === 'ref') {
    const value = `inputs.parameter_values['${escaped(inputName(side.ref))}']`;
    return numberKind(side) === 'int' ? `int(${value})` : value;
  }
  const { value } = side;
  if (typeof value === 'string') return `'${escaped(value)}'`;
  return typeof value === 'number' ? pythonNumber(value) : String(value);
}

/** A text between single quotes. KFP's compiler escapes nothing, and writes expressions that do not parse. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(
      // oxlint-disable-next-line no-control-regex -- these are what must be escaped
      /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
