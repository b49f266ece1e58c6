/** KFP's two placeholders with a structure, written as JSON in an item of a command: IfPresent and Concat. */
import { UserError } from '../../errors/ferrule-error.ts';
import type { ExecutorInput } from '../executor-io.ts';
import { isGiven } from './placeholder.ts';

/**
 * Expands one item of a command: an IfPresent becomes its branch, which may be no item or several, a Concat one
 * text. Any other item stays as it is.
 * @throws UserError FER3006 for a structure that does not read
 */
export function expandItem(item: string, input: ExecutorInput): readonly string[] {
  const struct = structOf(item);
  return struct === undefined ? [item] : expand(struct, input, item);
}

/** Reads an item as JSON, where it has exactly one field that names a structure. */
function structOf(item: string): object | undefined {
  if (!/^\s*\{\s*"(IfPresent|Concat)"\s*:/.test(item)) return undefined;
  try {
    const value: unknown = JSON.parse(item);
    return typeof value === 'object' && value !== null && Object.keys(value).length === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}

function expand(value: unknown, input: ExecutorInput, item: string): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((part: unknown) => expand(part, input, item));
  if (typeof value === 'object' && value !== null) {
    if ('Concat' in value && Array.isArray(value.Concat)) return [expand(value.Concat, input, item).join('')];
    if ('IfPresent' in value) return expandIfPresent(value.IfPresent, input, item);
  }
  throw malformed(item);
}

function expandIfPresent(value: unknown, input: ExecutorInput, item: string): readonly string[] {
  if (typeof value !== 'object' || value === null || !('InputName' in value) || !('Then' in value))
    throw malformed(item);
  const { InputName: name } = value;
  if (typeof name !== 'string') throw malformed(item);
  if (isGiven(name, input)) return expand(value.Then, input, item);
  return 'Else' in value && value.Else !== null ? expand(value.Else, input, item) : [];
}

function malformed(item: string): UserError {
  return new UserError('FER3006', {
    problem: `the placeholder ${item.slice(0, 200)} is neither an IfPresent nor a Concat as KFP writes them`,
    fix: 'an IfPresent has InputName, Then and perhaps Else; a Concat has a list of texts and placeholders',
  });
}
