/** A user's source file, and the places in it. */
import { readFileSync } from 'node:fs';
import type { Location } from '../errors/index.ts';
import { projectPath } from './project.ts';

export interface SourceText {
  /** Absolute path. */
  readonly path: string;
  /** Path as seen from the project: what diagnostics and identities say. */
  readonly name: string;
  readonly text: string;
  /** The file as it was read. */
  readonly bytes: Uint8Array;
}

/** Reads a source file. Throws what the file system throws. */
export function readSource(root: string, path: string): SourceText {
  const bytes = readFileSync(path);
  return { path, name: projectPath(root, path), text: bytes.toString('utf8').replace(/^\uFEFF/, ''), bytes };
}

/** Tells the place of an offset, counted in UTF-16 units from the start of the text. */
export function locate(source: Pick<SourceText, 'name' | 'text'>, offset: number): Location {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return place(source, before.split('\n').length, offset - lineStart + 1);
}

/** Tells the place of a line and column, both counted from 1. */
export function place(source: Pick<SourceText, 'name' | 'text'>, line: number, column: number): Location {
  const sourceLine = source.text.split('\n')[line - 1]?.replace(/\r$/, '');
  return { file: source.name, line, column, ...(sourceLine !== undefined && { sourceLine }) };
}
