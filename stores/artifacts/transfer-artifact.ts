/** Moves artifacts between this machine and an object store. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InfrastructureError, UserError } from '../../errors/index.ts';
import { digestOfFolder, type Digest } from '../../spec/index.ts';
import type { FileStore, ListedFile } from '../files/file-store.ts';
import { transfersAtOnce } from '../files/file-store.ts';
import { mapBounded } from '../locations/bounded.ts';
import { contentOf, findFiles, marksOf, type Content, type FileMark } from './content.ts';
import type { ObjectMark } from './object-marks.ts';

/** An artifact that was uploaded. */
export interface Uploaded {
  readonly content: Content;
  /** What its objects look like. */
  readonly objects: readonly ObjectMark[];
  /** What its files on this machine looked like. */
  readonly files: readonly FileMark[];
}

/** Uploads a file, or a folder, digesting it on the way; undefined where nothing lies at the path. */
export async function uploadArtifact(
  files: FileStore,
  path: string,
  key: string,
): Promise<Uploaded | undefined> {
  const there = await findFiles(path);
  if (there === undefined) return undefined;
  const objects = await mapBounded(there.files, transfersAtOnce, async ({ path: name, absolute }) => ({
    path: name,
    ...(await files.upload(absolute, name === '' ? key : `${key}/${name}`)),
  }));
  return { content: contentOf(objects, there.folder), objects, files: marksOf(there.files) };
}

/** What is known of an artifact that is to be downloaded. */
export interface Wanted {
  readonly key: string;
  readonly digest?: Digest;
  readonly size: number;
  readonly files: number;
  readonly folder: boolean;
}

/** Downloads an artifact to a path, and checks that it is what its record says. */
export async function downloadArtifact(files: FileStore, wanted: Wanted, path: string): Promise<void> {
  if (!wanted.folder) {
    const { digest, size } = wanted;
    await files.download(wanted.key, path, { size, ...(digest !== undefined && { digest }) });
    return;
  }
  await mkdir(path, { recursive: true });
  if (wanted.files === 0) return;
  const listed = await files.list(`${wanted.key}/`);
  const got = await downloadFiles(files, listed, `${wanted.key}/`, path);
  if (wanted.digest === undefined || digestOfFolder(got) === wanted.digest) return;
  throw new InfrastructureError('FER5028', {
    problem: `${files.uri}/${wanted.key} is not what was kept there: ${got.length} files instead of ${wanted.files}, or other content`,
    fix: 'somebody changed it: run again with --from the task that made it',
    retryable: false,
  });
}

/** Downloads files that were listed into a folder. */
export async function downloadFiles(
  files: FileStore,
  listed: readonly ListedFile[],
  prefix: string,
  folder: string,
): Promise<readonly { readonly path: string; readonly size: number; readonly digest: Digest }[]> {
  const wanted = listed.filter(({ key }) => !key.endsWith('/'));
  return mapBounded(wanted, transfersAtOnce, async ({ key, size }) => {
    const path = key.slice(prefix.length);
    return { path, ...(await files.download(key, pathBelow(folder, path, files.uri), { size })) };
  });
}

/** @throws UserError FER5027 for a name that no file in the folder can have */
function pathBelow(folder: string, path: string, uri: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || path.includes('\0'))
    throw new UserError('FER5027', {
      problem: `${uri} holds an object named ${JSON.stringify(path)}, which cannot be a path in a folder`,
      fix: 'rename or remove the object',
    });
  return join(folder, ...parts);
}
