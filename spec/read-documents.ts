/** Reads YAML and JSON as values of which every part has its place in the text. */
import {
  LineCounter,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type ScalarTag,
  type YAMLError,
} from 'yaml';
import { UserError, UserErrors, type Location } from '../errors/index.ts';
import { camelCase } from './normalize.ts';

export interface ReadDocument {
  readonly value: unknown;
  /** The place of what a path leads to, or of the key at its end; of the deepest part that there is. */
  readonly placeOf: (path: readonly (string | number)[], isKey?: boolean) => Location | undefined;
  /** How the scalar at the end of a path is written; undefined where there is none. */
  readonly sourceOf: (path: readonly (string | number)[]) => string | undefined;
}

/**
 * Reads the documents of a file that hold something; `.json` is read as JSON.
 * @throws UserErrors FER3001 for a text that is neither, and for a key that is there twice
 */
export function readDocuments(text: string, file: string): readonly ReadDocument[] {
  if (!file.endsWith('.json')) return readYaml(text, file, () => true);
  const value = parseJson(text, file);
  // A JSON text is all but YAML: a reader of YAML tells places, and keys that are there twice. Values are what JSON says.
  const [located] = readYaml(text, file, ({ code }) => code === 'DUPLICATE_KEY');
  const nowhere = { placeOf: () => undefined, sourceOf: () => undefined };
  return [{ ...(located ?? nowhere), value }];
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserErrors([
      new UserError('FER3001', {
        at: { file, ...placeIn(text, error.message) },
        problem: `the document is not JSON: ${error.message}`,
      }),
    ]);
  }
}

/** The place that an error of JSON.parse names by its offset. */
function placeIn(text: string, message: string): { readonly line?: number; readonly column?: number } {
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined) return {};
  const before = text.slice(0, Number(offset)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function readYaml(text: string, file: string, counts: (error: YAMLError) => boolean): ReadDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    customTags: ['merge', ...pyYamlTags],
    lineCounter: lines,
    prettyErrors: false,
  });
  let sourceLines: readonly string[] | undefined;
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    sourceLines ??= text.split('\n');
    const sourceLine = sourceLines[line - 1]?.replace(/\r$/, '');
    return { file, line, column: col, ...(sourceLine !== undefined && { sourceLine }) };
  };
  const fail = (offset: number, problem: string): UserError =>
    new UserError('FER3001', { at: locate(offset), problem });
  const found = documents.flatMap(({ errors }) => errors).filter(counts);
  // After a fault of syntax, what follows is read askew: only the first such fault says anything.
  const syntax = found.find(({ code }) => code !== 'DUPLICATE_KEY');
  const errors =
    syntax === undefined
      ? found.map(({ pos, message }) => fail(pos[0], message))
      : [fail(syntax.pos[0], `the document is not YAML: ${syntax.message}`)];
  if (errors.length > 0) throw new UserErrors(errors);
  return documents
    .filter(({ contents }) => contents !== null)
    .map((document) => ({
      value: valueOf(document, (problem) => fail(document.range[0], problem)),
      placeOf: (path, isKey = false) => {
        const node = nodeAt(document, path, isKey);
        return node?.range === undefined || node.range === null ? undefined : locate(node.range[0]);
      },
      sourceOf: (path) => {
        const node = nodeAt(document, path, false);
        return isScalar(node) ? node.source : undefined;
      },
    }));
}

/** Gives a document's value. What the reader throws here is about anchors: none of that name, or too many of them. */
function valueOf(document: Document, fail: (problem: string) => UserError): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof TypeError)
      throw new UserErrors([fail(error.message)]);
    throw error;
  }
}

/** Finds the deepest node on a path that there is. */
function nodeAt(document: Document, path: readonly (string | number)[], isKey: boolean): Node | undefined {
  let node: Node | undefined = document.contents ?? undefined;
  for (const [depth, step] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const named = (name: string) => name === String(step) || camelCase(name) === String(step);
      const pair = node.items.find(({ key }) => isScalar(key) && named(String(key.value)));
      next = isKey && depth === path.length - 1 ? pair?.key : (pair?.value ?? pair?.key);
    } else if (isSeq(node)) next = node.items[Number(step)];
    if (!isScalar(next) && !isMap(next) && !isSeq(next)) return node;
    node = next;
  }
  return node;
}

/** What PyYAML takes a plain scalar for: YAML 1.1, apart from `y`, `n` and numbers such as `1e3`, which are texts. */
const pyYamlTags: ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:null',
    default: true,
    test: /^(?:~|null|Null|NULL|)$/,
    resolve: () => null,
  },
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    resolve: (text) => /^(?:yes|true|on)$/i.test(text),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?(?:0b[01_]+|0x[\da-fA-F_]+|0[0-7_]+|0|[1-9][\d_]*)$/,
    resolve: (text) => integer(text.replaceAll('_', '')),
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    test: /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|[-+]?\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    resolve: (text) => float(text.replaceAll('_', '').toLowerCase()),
  },
];

function integer(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  return sign * (/^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits));
}

function float(text: string): number {
  if (text.endsWith('.nan')) return Number.NaN;
  if (text.endsWith('.inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
