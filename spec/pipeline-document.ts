/** Reads compiled pipelines from YAML and JSON, as any KFP compiler writes them. Strict, and with the place of each fault. */
import {
  LineCounter,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type ScalarTag,
} from 'yaml';
import { UserError, UserErrors, type Location } from '../errors/index.ts';
import type { CompiledPipeline, PlatformSpec } from './platform-spec.ts';
import type { PipelineSpec } from './pipeline-spec.ts';
import { checkReferences } from './references.ts';
import { validate, type Fault } from './validate.ts';

/**
 * Reads a compiled pipeline: a PipelineSpec and, in a second document, its platform spec.
 * @param file name of the document, for error texts; `.json` is read as JSON
 * @throws UserErrors with all faults
 */
export function readPipelineDocument(text: string, file: string): CompiledPipeline {
  const documents = file.endsWith('.json') ? readJson(text, file) : readYaml(text, file);
  const [first, second, third] = documents;
  if (first === undefined) fail(file, 'the document is empty', 'give it a PipelineSpec');
  if (third !== undefined)
    fail(file, 'there are more than two documents', 'keep the PipelineSpec and the platform spec');
  const errors = faultsOf(first, 'PipelineSpec', file);
  if (second !== undefined) errors.push(...faultsOf(second, 'PlatformSpec', file));
  if (errors.length > 0) throw new UserErrors(errors);
  // The faults above are all that could make these untrue.
  const spec = first.value as PipelineSpec;
  if (spec.schemaVersion !== '2.1.0')
    fail(file, `schemaVersion is ${spec.schemaVersion}, and only 2.1.0 can be run`, 'compile it with KFP 2');
  const dangling = checkReferences(spec).map((fault) => toError('FER3005', fault, first, file));
  if (dangling.length > 0) throw new UserErrors(dangling);
  return second === undefined ? { spec } : { spec, platform: second.value as PlatformSpec };
}

interface ReadDocument {
  readonly value: unknown;
  /** The place of a fault. JSON is parsed again, as YAML, to find it. */
  readonly placeOf: (fault: Fault) => Location | undefined;
}

function readJson(text: string, file: string): ReadDocument[] {
  try {
    const value: unknown = JSON.parse(text);
    return [{ value, placeOf: (fault) => readYaml(text, file)[0]?.placeOf(fault) }];
  } catch (error) {
    if (error instanceof SyntaxError)
      return fail(file, `the document is not JSON: ${error.message}`, 'correct it');
    throw error;
  }
}

function readYaml(text: string, file: string): ReadDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    customTags: pyYamlTags,
    lineCounter: lines,
    prettyErrors: false,
  });
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    const sourceLine = text.split('\n')[line - 1]?.replace(/\r$/, '');
    return { file, line, column: col, ...(sourceLine !== undefined && { sourceLine }) };
  };
  const errors = documents.flatMap((document) =>
    document.errors.map(
      (error) => new UserError('FER3001', { at: locate(error.pos[0]), problem: error.message }),
    ),
  );
  if (errors.length > 0) throw new UserErrors(errors);
  return documents
    .filter(({ contents }) => contents !== null)
    .map((document) => ({
      value: document.toJS({ maxAliasCount: 1000 }) as unknown,
      placeOf: (fault) => {
        const node = nodeAt(document, fault);
        return node?.range === undefined || node.range === null ? undefined : locate(node.range[0]);
      },
    }));
}

/** Finds the deepest node on a path that there is. */
function nodeAt(document: Document, { path, isKey }: Fault): Node | undefined {
  let node: Node | undefined = document.contents ?? undefined;
  for (const [depth, step] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      next = isKey === true && depth === path.length - 1 ? pair?.key : (pair?.value ?? pair?.key);
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

/** Lists the faults of a document from top to bottom. */
function faultsOf(document: ReadDocument, message: string, file: string): UserError[] {
  return validate(document.value, message)
    .map((fault) => toError('FER3002', fault, document, file))
    .sort(({ at: a }, { at: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0));
}

function toError(code: 'FER3002' | 'FER3005', fault: Fault, document: ReadDocument, file: string): UserError {
  return new UserError(code, {
    at: document.placeOf(fault) ?? { file },
    problem: fault.problem,
    ...(fault.fix !== undefined && { fix: fault.fix }),
  });
}

function fail(file: string, problem: string, fix: string): never {
  throw new UserErrors([new UserError('FER3002', { at: { file }, problem, fix })]);
}
