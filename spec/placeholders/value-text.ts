/** How a value stands in a text, as KFP's launcher writes it. */
import type { JsonValue } from '../json.ts';

/**
 * Writes a value as text: a text as it is, a number without an exponent, a boolean as `true` or `false`, lists and
 * objects as JSON.
 */
export function valueText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberText(value) : JSON.stringify(value);
}

/** Writes a number in full: 1e21 is a one with 21 zeros, 1e-7 is 0.0000001. */
export function numberText(value: number): string {
  const [mantissa = '', exponent] = `${value}`.split('e');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}${point < digits.length ? `.${digits.slice(point)}` : ''}`;
}
