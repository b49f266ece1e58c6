/** Finds where in the user's source a call was made, from the stack and the trace module's source map. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import type { Location } from '../../errors/index.ts';
import { place, readSource, type SourceText } from '../source-text.ts';

/** A line and column of the trace module, counted from 1. */
export interface Frame {
  readonly line: number;
  readonly column: number;
}

/** Takes the innermost frame of the call stack that lies in a module. */
export function frameIn(moduleUrl: string): Frame | undefined {
  const holder: { stack?: unknown } = {};
  // Node gives stacks as data only through this hook of the process.
  // oxlint-disable-next-line typescript/unbound-method -- it is put back, not called
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    Error.captureStackTrace(holder, frameIn);
    return frameAmong(holder.stack, moduleUrl);
  } finally {
    Error.prepareStackTrace = before;
  }
}

function frameAmong(sites: unknown, moduleUrl: string): Frame | undefined {
  if (!Array.isArray(sites)) return undefined;
  for (const site of sites as NodeJS.CallSite[]) {
    if (site.getFileName() !== moduleUrl) continue;
    return { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
  }
  return undefined;
}

/** Takes the innermost frame of an error that was thrown, from its stack text. */
export function frameOfError(error: unknown, moduleUrl: string): Frame | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(`${moduleUrl}:`);
  const [, line, column] = at < 0 ? [] : (/^:(\d+):(\d+)/.exec(stack.slice(at + moduleUrl.length)) ?? []);
  return line === undefined || column === undefined
    ? undefined
    : { line: Number(line), column: Number(column) };
}

/** Maps frames to the user's source. The source map is read at the first question. */
export class CallPlaces {
  readonly #root: string;
  readonly #readMap: () => unknown;
  readonly #sources = new Map<string, SourceText>();
  #map: SourceMap | undefined;

  constructor(root: string, readMap: () => unknown) {
    this.#root = root;
    this.#readMap = readMap;
  }

  of(frame: Frame | undefined): Location {
    if (frame === undefined) return { file: '' };
    this.#map ??= new SourceMap(this.#readMap() as SourceMapPayload);
    const entry = this.#map.findEntry(frame.line - 1, frame.column - 1);
    if (!('originalSource' in entry)) return { file: '' };
    const source = this.source(path.resolve(this.#root, entry.originalSource));
    return place(source, entry.originalLine + 1, entry.originalColumn + 1);
  }

  /** Reads one of the user's files, once. */
  source(file: string): SourceText {
    let source = this.#sources.get(file);
    if (source === undefined) this.#sources.set(file, (source = readSource(this.#root, file)));
    return source;
  }
}
