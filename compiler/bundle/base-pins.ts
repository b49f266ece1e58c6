/** `ferrule.lock`: the digests of the images that a project's images start from. Committed with the project. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UserError } from '../../errors/index.ts';
import { canonicalJson, isDigest, type Digest } from '../../spec/index.ts';
import { writeWhole } from '../cache-file.ts';

/** Digests by reference, such as `node:22-slim`. */
export type BasePins = Readonly<Record<string, Digest>>;

/** Names the file. */
export function pinsFile(root: string): string {
  return path.join(root, 'ferrule.lock');
}

/**
 * Reads the pins of a project; none where it has no `ferrule.lock`.
 * @throws UserError FER6109 where the file does not read
 */
export function readPins(root: string): BasePins {
  const file = pinsFile(root);
  if (!existsSync(file)) return {};
  const refuse = (problem: string): never => {
    throw new UserError('FER6109', {
      problem: `ferrule.lock ${problem}`,
      fix: 'write it anew: ferrule build --update-bases',
    });
  };
  let document: { readonly version?: unknown; readonly bases?: unknown };
  try {
    document = JSON.parse(readFileSync(file, 'utf8')) as typeof document;
  } catch (error) {
    return refuse(`does not read: ${messageOf(error)}`);
  }
  if (document.version !== 1) return refuse(`is of version ${String(document.version)}, not 1`);
  const { bases } = document;
  if (typeof bases !== 'object' || bases === null) return refuse('has no bases');
  const entries = Object.entries(bases).map(([reference, digest]): [string, Digest] =>
    typeof digest === 'string' && isDigest(digest)
      ? [reference, digest]
      : refuse(`has no digest for ${reference}`),
  );
  return Object.fromEntries(entries);
}

/** Writes the pins of a project. */
export function writePins(root: string, bases: BasePins): void {
  const document = JSON.parse(canonicalJson({ version: 1, bases })) as unknown;
  writeWhole(pinsFile(root), `${JSON.stringify(document, null, 2)}\n`);
}
