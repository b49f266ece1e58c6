/** A place in a source file: what an error points at. */
export interface Location {
  /** Path of the file, relative to the project where that is known. */
  readonly file: string;
  /** Line, counted from 1. */
  readonly line?: number;
  /** Column, counted from 1. */
  readonly column?: number;
  /** The text of the line itself, without its line break. */
  readonly sourceLine?: string;
}

/** Writes `file:line:column`, leaving out what is not known. */
export function formatPlace(location: Location): string {
  return [location.file, location.line, location.column].filter((part) => part !== undefined).join(':');
}

/** Writes the source line with a caret under the column, or nothing where the line is not known. */
export function formatSourceLine(location: Location): string {
  if (location.sourceLine === undefined) return '';
  const gutter = `${location.line ?? ''}`;
  const lead = location.sourceLine
    .slice(0, Math.max(0, (location.column ?? 1) - 1))
    .replaceAll(/[^\t]/g, ' ');
  const caret = location.column === undefined ? '' : `\n  ${' '.repeat(gutter.length)} | ${lead}^`;
  return `  ${gutter} | ${location.sourceLine}${caret}`;
}

/** Orders places by file, line and column; what has no place comes last. */
export function compareLocations(a: Location | undefined, b: Location | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
