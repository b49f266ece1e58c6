import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '../errors/index.ts';

/**
 * Reads a file that the user named.
 * @throws UserError FER1001 where it cannot be read
 */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError('FER1001', {
      problem: `"${file}" cannot be read: ${messageOf(error)}`,
      fix: `look at the name; a path starts at the folder that you are in, ${process.cwd()}`,
      cause: error,
    });
  }
}
