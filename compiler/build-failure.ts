/** Turns what esbuild reports into diagnostics. */
import path from 'node:path';
import type { Location } from '../errors/index.ts';
import type { Diagnostics } from './diagnostics.ts';
import { place, readSource } from './source-text.ts';

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** Records the messages of a failed build; anything else that was thrown is left to the caller. */
export function reportBuildFailure(error: unknown, root: string, diagnostics: Diagnostics): void {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return;
  if (!Array.isArray(error.errors)) return;
  for (const { text, location } of error.errors as BuildMessage[]) {
    const at = location === null ? undefined : placeOf(root, location);
    const [, specifier] = /^Could not resolve "(.*)"$/.exec(text) ?? [];
    if (specifier === undefined || at === undefined)
      diagnostics.add('FER2023', { problem: text, ...(at !== undefined && { at }) });
    else reportUnresolved(specifier, placeInLine(at, specifier), diagnostics);
  }
}

/** Records an import that leads nowhere. */
export function reportUnresolved(specifier: string, at: Location, diagnostics: Diagnostics): void {
  diagnostics.add('FER2002', {
    at,
    problem: `"${specifier}" does not resolve to a file or an installed package`,
    fix: /^[./]/.test(specifier) ? 'check the path' : `install it: npm install ${specifier}`,
  });
}

/** esbuild counts columns in the rewritten file: in the line as it was written, the specifier tells where it is. */
function placeInLine(at: Location, specifier: string): Location {
  const index = at.sourceLine?.indexOf(specifier) ?? -1;
  return index < 1 ? at : { ...at, column: index };
}

function placeOf(root: string, location: NonNullable<BuildMessage['location']>) {
  const file = location.file.replace(/^[a-z-]+:(?=\/)/, '');
  try {
    return place(readSource(root, path.resolve(root, file)), location.line, location.column + 1);
  } catch {
    return { file };
  }
}
