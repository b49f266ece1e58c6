import { join } from 'node:path';
import { UserError } from '../../errors/index.ts';
import type { AttemptKey } from '../../engine/ports.ts';
import { isPathName, type ArtifactTypeSchema } from '../../spec/index.ts';

/** Where an attempt's own files go, besides its outputs. No output can have this name: names do not begin with a dot. */
export const ownFolder = '.ferrule';

/** Names in an attempt's folder that outputs cannot have. */
const reservedNames: ReadonlySet<string> = new Set([
  'result.json',
  'log.txt',
  'assignment.json',
  'marks.json',
]);

/**
 * Names the folder of an attempt, relative to the root.
 * @throws UserError FER5008 where a name could lead elsewhere
 */
export function attemptFolder(attempt: AttemptKey): string {
  for (const name of [attempt.runId, ...attempt.task.split('/')]) if (!isPathName(name)) throw unsafe(name);
  return `runs/${attempt.runId}/tasks/${attempt.task}/${attempt.number}`;
}

/** Names the file or folder of an output. Pages get the ending by which a browser opens them. */
export function outputName(name: string, type: ArtifactTypeSchema | undefined): string {
  if (!isPathName(name) || reservedNames.has(name)) throw unsafe(name);
  const ending = { 'system.HTML': '.html', 'system.Markdown': '.md' }[type?.schemaTitle ?? ''] ?? '';
  return name.endsWith(ending) ? name : `${name}${ending}`;
}

/**
 * Resolves a path below the root.
 * @throws UserError FER5008 where it would leave the root
 */
export function belowRoot(root: string, relative: string): string {
  return join(root, checkedPath(relative));
}

/** Gives a path relative to the root back. @throws UserError FER5008 where it would leave the root */
export function checkedPath(relative: string): string {
  const parts = relative.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0')))
    throw unsafe(relative);
  return relative;
}

function unsafe(name: string): UserError {
  return new UserError('FER5008', {
    problem: `"${name}" cannot be a part of a path under the root`,
    fix: 'names hold letters, digits, "_", "-" and "." and begin with a letter, a digit or "_"',
  });
}
