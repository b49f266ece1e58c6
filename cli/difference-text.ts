/** How a field of a fingerprint differs, in a few words. */
import type { FieldDifference } from '../engine/index.ts';
import type { JsonValue } from '../spec/json.ts';
import { ellipsis } from './table.ts';

/** Writes one side of a difference; digests by their first twelve digits. */
export function formatSide(value: JsonValue | undefined): string {
  if (value === undefined) return '(none)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return ellipsis(text.replace(/^sha256:([0-9a-f]{12})[0-9a-f]*$/, '$1'), 48);
}

/** Writes a difference on one line: `parameters.seed 42 -> 43`. */
export function formatDifference({ field, before, now }: FieldDifference): string {
  return `${field} ${formatSide(before)} -> ${formatSide(now)}`;
}
