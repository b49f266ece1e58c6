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
  return typeof value === 'string' ? text(value) : JSON.stringify(value);
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
