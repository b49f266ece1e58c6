/** Finds the code of components on this machine, and checks that it is what the spec names. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Bundles } from '../../engine/ports.ts';
import { UserError, messageOf } from '../../errors/index.ts';
import { verifyBundle } from '../../executor/bundle.ts';
import { hexOf, unpackPayload, type ComponentIdentity, type Payload } from '../../spec/index.ts';

export interface BundleFinder {
  /**
   * Gives the folder of a component's bundle. Each is read once, to digest it.
   * @throws UserError FER6002 where there is none, FER6003 where it is another, FER6017 for a path in a spec that
   * leads out of the bundle
   */
  folderOf(identity: ComponentIdentity): Promise<string>;
  /** Removes what was unpacked. */
  close(): Promise<void>;
}

export function bundleFinder(bundles: Bundles): BundleFinder {
  const found = new Map<string, Promise<string>>();
  let unpacked: Promise<string> | undefined;
  const find = async (identity: ComponentIdentity): Promise<string> => {
    const { code, payload } = identity;
    const folder = await bundles.folderOf(code);
    if (folder !== undefined || payload === undefined) return folder ?? missing(identity);
    unpacked ??= mkdtemp(join(tmpdir(), 'ferrule-code-'));
    return unpack(payload, join(await unpacked, hexOf(code)));
  };
  const verified = async (identity: ComponentIdentity): Promise<string> => {
    const folder = await find(identity);
    await verifyBundle(folder, identity.code);
    return folder;
  };
  return {
    folderOf(identity) {
      const folder = found.get(identity.code) ?? verified(identity);
      found.set(identity.code, folder);
      // A bundle that is missing now may be there for the next attempt.
      folder.catch(() => found.delete(identity.code));
      return folder;
    },
    async close() {
      if (unpacked !== undefined) await rm(await unpacked, { recursive: true, force: true });
    },
  };
}

function missing({ code }: ComponentIdentity): never {
  throw new UserError('FER6002', {
    problem: `the code ${code} is neither in the project's cache nor under the pipeline root`,
    fix: 'run the .ts file of the pipeline, or compile it again on this machine',
  });
}

/** Writes a lightweight component's bundle, which the spec itself carries. */
async function unpack(payload: string, folder: string): Promise<string> {
  for (const [name, content] of Object.entries(readPayload(payload).files)) {
    const file = join(folder, name);
    if (!isInside(name))
      throw new UserError('FER6017', {
        problem: `the spec carries code with the path ${JSON.stringify(name)}`,
      });
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(content, 'base64'));
  }
  return folder;
}

/** Whether a path is a plain one below where it is put. */
function isInside(name: string): boolean {
  const parts = name.split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\'));
}

function readPayload(payload: string): Payload {
  try {
    return unpackPayload(payload);
  } catch (thrown) {
    throw new UserError('FER6002', {
      problem: `the code that the spec carries cannot be unpacked: ${messageOf(thrown)}`,
      fix: 'compile the pipeline again',
      cause: thrown,
    });
  }
}
