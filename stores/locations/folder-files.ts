import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { UserError, messageOf } from '../../errors/index.ts';
import { compareText } from '../../spec/json.ts';
import type { FileLocation, FolderLocation } from './location.ts';

/** One file of a location. */
export interface LocationFile {
  /** Path inside the location, with `/` between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What the store says of the content, where it says anything: `md5:...`, `crc32c:...`. */
  readonly checksum?: string;
  /** Where the content lies: a path on this machine with links resolved, or an object's name in its bucket. */
  readonly source: string;
}

/**
 * Lists the files of a folder and of the folders in it, in code-unit order of their paths. Links inside the folder are followed;
 * sockets and devices are passed over.
 * @throws UserError FER5023 for a link that leaves the folder or runs in a circle, FER5021 for what cannot be read
 */
export async function filesOfFolder(
  location: FolderLocation,
  signal?: AbortSignal,
): Promise<readonly LocationFile[]> {
  const root = await realpath(location.path);
  const files: LocationFile[] = [];
  const walk = async (folder: string, prefix: string, above: readonly string[]): Promise<void> => {
    signal?.throwIfAborted();
    for (const entry of await readable(folder, () => readdir(folder, { withFileTypes: true }))) {
      const place = join(folder, entry.name);
      const path = `${prefix}${entry.name}`;
      const real = entry.isSymbolicLink() ? await targetInside(place, root, above) : place;
      if (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()) {
        const found = await readable(place, () => stat(real));
        if (found.isDirectory()) await walk(real, `${path}/`, [...above, real]);
        else if (found.isFile()) files.push({ path, size: found.size, source: real });
      }
    }
  };
  await walk(root, '', [root]);
  return files.sort((a, b) => compareText(a.path, b.path));
}

/** Lists the one file of a location that is a file. */
export async function fileOfFile(location: FileLocation): Promise<readonly LocationFile[]> {
  const { size } = await readable(location.path, () => stat(location.path));
  return [{ path: basename(location.path), size, source: location.path }];
}

async function targetInside(link: string, root: string, above: readonly string[]): Promise<string> {
  const target = await readable(link, () => realpath(link));
  if (target !== root && !target.startsWith(root.endsWith(sep) ? root : `${root}${sep}`))
    throw new UserError('FER5023', {
      problem: `the link ${link} leads out of the folder, to ${target}`,
      fix: 'copy what it points to into the folder, or name the folder that holds both',
    });
  if (above.includes(target))
    throw new UserError('FER5023', {
      problem: `the link ${link} runs in a circle: it leads to ${target}, which holds it`,
      fix: 'remove the link',
    });
  return target;
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new UserError('FER5021', {
      problem: `${path} cannot be read: ${messageOf(cause)}`,
      fix: 'check that it exists and that you may read it; a link must point to something',
      cause,
    });
  }
}
