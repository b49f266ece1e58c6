/** Files that a command was asked to write. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../errors/index.ts';

/**
 * Writes a file aside and renames it, so that a reader sees it whole or not at all; a failure leaves nothing. What is no file, such
 * as a pipe or `/dev/null`, is written to, and stays what it is.
 * @throws UserError FER1011
 */
export async function writeOutputFile(file: string, content: string): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    const there = await stat(file).catch(() => undefined);
    if (there !== undefined && !there.isFile()) {
      await writeFile(file, content);
      return;
    }
    await writeFile(aside, content);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw unwritable(file, error, `see that the folder ${dirname(file)} exists and can be written`);
  }
}

/**
 * Makes a folder for files, with those above it.
 * @throws UserError FER1011
 */
export async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error, 'name another folder');
  }
}

function unwritable(place: string, cause: unknown, fix: string): UserError {
  return new UserError('FER1011', {
    problem: `"${place}" cannot be written: ${messageOf(cause).replace(`${place}.${process.pid}.tmp`, place)}`,
    fix,
    cause,
  });
}
