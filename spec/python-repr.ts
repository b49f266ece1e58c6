/** How Python shows values of a spec, in which every number is a double: `1.0`, `True`, `['a', None]`. */
import type { JsonValue } from './json.ts';

/** Writes a value as Python's `repr` does. */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return 'None';
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  switch (typeof value) {
    case 'string':
      return reprText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return reprNumber(value);
    default:
      return `{${Object.entries(value)
        .map(([key, field]) => `${reprText(key)}: ${pythonRepr(field)}`)
        .join(', ')}}`;
  }
}

/** In single quotes, unless only these are in the text. */
function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(quote, `\\${quote}`);
  return quote + inside + quote;
}

/** With an exponent below 1e-4 and from 1e16, of two digits at least. */
function reprNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value === 0 || (exponent >= -4 && exponent < 16)) {
    const plain = Object.is(value, -0) ? '-0' : String(value);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
