/** Reads what an artifact holds: its files, their digests, and the marks by which a change shows without reading. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { UserError } from '../../errors/index.ts';
import { compareText, digestOf, digestOfFolder, type Digest, type FileEntry } from '../../spec/index.ts';

/** Files up to this many bytes are read whole, larger ones as a stream. */
const wholeFile = 4 * 1024 * 1024;

/** How many files are digested at a time. */
const parallel = 8;

export interface Content {
  readonly digest: Digest;
  /** Bytes, of all files. */
  readonly size: number;
  readonly files: number;
  readonly folder: boolean;
}

/** What a file looked like when it was digested. */
export interface FileMark {
  /** Path inside the artifact; empty for a single file. */
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
}

/** A file of an artifact on this machine. */
export interface FoundFile extends FileMark {
  readonly absolute: string;
}

/**
 * Lists the files of an artifact, ordered by their paths; undefined where nothing lies there. Links inside the
 * artifact are followed.
 * @throws UserError FER5006 for a link that leads out, FER5007 for a socket or the like
 */
export async function findFiles(
  path: string,
): Promise<{ readonly folder: boolean; readonly files: readonly FoundFile[] } | undefined> {
  const top = await lstat(path).catch(() => undefined);
  if (top === undefined) return undefined;
  if (top.isSymbolicLink()) throw leadsOut(path);
  if (top.isFile()) return { folder: false, files: [found('', path, top)] };
  if (!top.isDirectory()) throw neither(path);
  const inside = await realpath(path);
  const files: FoundFile[] = [];
  await walk(path, '', inside, new Set([inside]), files);
  files.sort((a, b) => compareText(a.path, b.path));
  return { folder: true, files };
}

/** Digests a file's bytes, or a folder by its files. Reads everything once. */
export async function digestContent(
  path: string,
): Promise<{ readonly content: Content; readonly marks: readonly FileMark[] } | undefined> {
  const there = await findFiles(path);
  if (there === undefined) return undefined;
  const entries: FileEntry[] = [];
  const queue = there.files.entries();
  const worker = async (): Promise<void> => {
    for (const [index, file] of queue)
      entries[index] = {
        path: file.path,
        size: file.size,
        digest: await digestFile(file.absolute, file.size),
      };
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return {
    content: contentOf(entries, there.folder),
    marks: marksOf(there.files),
  };
}

/** Sums up what an artifact holds from its files, which stand in the order of their paths. */
export function contentOf(entries: readonly FileEntry[], folder: boolean): Content {
  const [only] = entries;
  return {
    digest: folder || only === undefined ? digestOfFolder(entries) : only.digest,
    size: entries.reduce((sum, entry) => sum + entry.size, 0),
    files: entries.length,
    folder,
  };
}

/** Notes what files look like. */
export function marksOf(files: readonly FoundFile[]): readonly FileMark[] {
  return files.map(({ path, size, modified, changed }) => ({ path, size, modified, changed }));
}

/** Whether files look as they did when they were noted. */
export function sameMarks(files: readonly FileMark[], marks: readonly FileMark[] | undefined): boolean {
  if (marks === undefined || !Array.isArray(marks) || marks.length !== files.length) return false;
  return files.every((file, index) => {
    const mark = marks[index];
    return (
      mark?.path === file.path &&
      mark.size === file.size &&
      mark.modified === file.modified &&
      mark.changed === file.changed
    );
  });
}

async function digestFile(path: string, size: number): Promise<Digest> {
  if (size <= wholeFile) return digestOf(await readFile(path));
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

async function walk(
  folder: string,
  prefix: string,
  inside: string,
  above: ReadonlySet<string>,
  files: FoundFile[],
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  // Folders of many thousand files are common: their files are looked at together.
  const plain = await Promise.all(
    entries.map((entry) => (entry.isFile() ? lstat(join(folder, entry.name)) : Promise.resolve(undefined))),
  );
  for (const [index, entry] of entries.entries()) {
    const absolute = join(folder, entry.name);
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    const known = plain[index];
    if (known !== undefined) {
      files.push(found(name, absolute, known));
      continue;
    }
    if (entry.isSymbolicLink()) {
      const target = await realpath(absolute).catch(() => undefined);
      if (target === undefined || !isInside(target, inside)) throw leadsOut(absolute);
      if (above.has(target)) throw leadsOut(absolute);
    }
    const facts = await stat(absolute);
    if (facts.isFile()) files.push(found(name, absolute, facts));
    else if (facts.isDirectory())
      await walk(absolute, name, inside, new Set([...above, await realpath(absolute)]), files);
    else throw neither(absolute);
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function found(
  path: string,
  absolute: string,
  facts: { readonly size: number; readonly mtimeMs: number; readonly ctimeMs: number },
): FoundFile {
  return { path, absolute, size: facts.size, modified: facts.mtimeMs, changed: facts.ctimeMs };
}

function leadsOut(path: string): UserError {
  return new UserError('FER5006', {
    problem: `the link ${path} leads out of its artifact, to itself, or nowhere`,
    fix: 'write a copy of the file instead of a link to it',
  });
}

function neither(path: string): UserError {
  return new UserError('FER5007', {
    problem: `${path} is neither a file nor a folder`,
    fix: 'an artifact is one file, or a folder of files',
  });
}
