/** Turns what esbuild reports into diagnostics. */
import path from 'node:path';
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
    diagnostics.add('FER2023', { problem: text, ...(at !== undefined && { at }) });
  }
}

function placeOf(root: string, location: NonNullable<BuildMessage['location']>) {
  const file = location.file.replace(/^[a-z-]+:(?=\/)/, '');
  try {
    return place(readSource(root, path.resolve(root, file)), location.line, location.column + 1);
  } catch {
    return { file };
  }
}
