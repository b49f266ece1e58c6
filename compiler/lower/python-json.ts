/** JSON as Python's json.dumps writes it: KFP's compiler leaves such texts in specs. */
import { compareText, type JsonValue } from '../../spec/index.ts';

/**
 * Writes a value with a blank after each `,` and `:`, and everything outside ASCII escaped.
 * @param options `sortKeys` orders the fields of objects by their names. @default as they are
 */
export function pythonJson(value: JsonValue, options: { readonly sortKeys?: boolean } = {}): string {
  if (isList(value)) return `[${value.map((item) => pythonJson(item, options)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value);
    if (options.sortKeys === true) fields.sort(([a], [b]) => compareText(a, b));
    return `{${fields.map(([name, field]) => `${text(name)}: ${pythonJson(field, options)}`).join(', ')}}`;
  }
  if (typeof value === 'number') return pythonNumber(value);
  return typeof value === 'string' ? text(value) : JSON.stringify(value);
}

/** Writes a number as Python does: `1e-07`, `1e-05`, `1e+16`. What is whole within ±2^53 is an integer. */
export function pythonNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16)
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

function text(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
