import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './failure.ts';

/** Makes a folder and those around it. Where that fails, the error says of what. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    // On a file system that is read only, Node says that the folder to make does not exist.
    if (errnoOf(error) === 'ENOENT') await requireWritable(dirname(path));
    throw error;
  }
}

/** @throws the system's own error where the nearest folder that is there may not be written */
async function requireWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await requireWritable(dirname(folder));
  }
}
