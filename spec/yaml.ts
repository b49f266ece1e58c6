/** Writes pipelines as files: one YAML document for the PipelineSpec and, where a platform has settings, a second one. */
import { compareText } from './json.ts';
import type { CompiledPipeline } from './platform-spec.ts';

/**
 * Writes a compiled pipeline as YAML that readers of YAML 1.1 (PyYAML) and 1.2 take for the same values: keys sorted,
 * a text plain only where no reader could see anything else in it. The same pipeline gives the same bytes.
 */
export function writePipelineYaml(compiled: CompiledPipeline): string {
  const documents = [compiled.spec, ...(compiled.platform === undefined ? [] : [compiled.platform])];
  return documents.map((document) => writeDocument(document)).join('---\n');
}

function writeDocument(document: object): string {
  const lines: string[] = [];
  writeMap(Object.entries(document), '', '', lines);
  return `${lines.join('\n')}\n`;
}

/** `lead` stands before the first line (`- ` of a list), `indent` before the others. */
function writeMap(
  entries: readonly (readonly [string, unknown])[],
  lead: string,
  indent: string,
  lines: string[],
): void {
  const present = entries.filter(([, value]) => value !== undefined);
  let start = lead;
  for (const [key, value] of present.sort(([a], [b]) => compareText(a, b))) {
    writeNode(value, `${start}${scalar(key)}:`, indent, lines);
    start = indent;
  }
}

function writeNode(value: unknown, head: string, indent: string, lines: string[]): void {
  if (Array.isArray(value)) {
    if (value.length === 0) lines.push(`${head} []`);
    else {
      lines.push(head);
      for (const item of value) writeItem(item, indent, lines);
    }
  } else if (isMap(value)) {
    const entries = Object.entries(value);
    if (entries.every(([, field]) => field === undefined)) lines.push(`${head} {}`);
    else {
      lines.push(head);
      writeMap(entries, `${indent}  `, `${indent}  `, lines);
    }
  } else lines.push(`${head} ${scalar(value)}`);
}

function writeItem(item: unknown, indent: string, lines: string[]): void {
  if (isMap(item) && Object.values(item).some((field) => field !== undefined))
    writeMap(Object.entries(item), `${indent}- `, `${indent}  `, lines);
  else writeNode(item, `${indent}-`, `${indent}  `, lines);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Letters, digits and `-_./` after a letter, which no resolver but those below takes for another type. */
const plain = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const otherTypes = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** What a YAML stream must not hold as it is. */
const unprintable = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

function scalar(value: unknown): string {
  if (typeof value !== 'string') return typeof value === 'number' ? number(value) : String(value);
  if (plain.test(value) && !otherTypes.test(value)) return value;
  return JSON.stringify(value).replace(
    unprintable,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Numbers are doubles; an exponent needs its `.0` and its sign for YAML 1.1. */
function number(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa = '', exponent = ''] = text.split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
}
