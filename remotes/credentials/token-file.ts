import { readFile, stat } from 'node:fs/promises';
import { messageOf, UserError } from '../../errors/index.ts';
import type { Credentials } from './credentials.ts';

/**
 * Signs with the token in a file, as Kubernetes projects that of a service account into a pod. The file is read again
 * when it changes: the kubelet replaces it long before the token ends.
 */
export function tokenFile(path: string, signIn: string): Credentials {
  let known: { readonly version: string; readonly token: string } | undefined;
  const read = async (): Promise<string> => {
    try {
      const { mtimeMs, ino, size } = await stat(path);
      const version = `${mtimeMs}/${ino}/${size}`;
      if (known?.version !== version) known = { version, token: (await readFile(path, 'utf8')).trim() };
      return known.token;
    } catch (error) {
      throw new UserError('FER8002', {
        problem: `the token file ${path} cannot be read: ${messageOf(error)}`,
        fix: signIn,
        cause: error,
      });
    }
  };
  return {
    signIn,
    headers: async () => ({ authorization: `Bearer ${await read()}` }),
    async renew() {
      const before = known?.token;
      known = undefined;
      return (await read()) !== before;
    },
  };
}
