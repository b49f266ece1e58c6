/** Files that a command was asked to write. */
import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file aside and renames it, so that a reader sees it whole or not at all; a failure leaves nothing. */
export async function writeOutputFile(file: string, content: string): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(aside, content);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
