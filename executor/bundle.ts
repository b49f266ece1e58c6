/** A component's bundle: a folder with `bundle.mjs`, and `assets/` where the component declares any. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { UserError, messageOf } from '../errors/ferrule-error.ts';
import { digestOfFolder, hexOf, type Digest, type FileEntry } from '../spec/digest.ts';

/** What a component's function looks like to whoever runs it. */
export type ComponentBody = (inputs: object, out: object, context: object) => unknown;

/** Digests a bundle folder, as the compiler does when it writes `--code`. */
export async function digestOfBundle(folder: string): Promise<Digest> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entryOf(folder, join(entry.parentPath, entry.name)));
  return digestOfFolder(await Promise.all(files));
}

async function entryOf(folder: string, file: string): Promise<FileEntry> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const path = relative(folder, file).replaceAll(sep, '/');
  return { path, size: (await stat(file)).size, digest: `sha256:${hash.digest('hex')}` };
}

/**
 * Finds the bundle of a code in a folder that may hold several, each in a folder of its digest's hex digits. A folder
 * that holds none in this way is the bundle itself.
 * @throws UserError FER6003 where it holds those of other codes alone
 */
export async function findBundle(folder: string, code: Digest): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.includes(hexOf(code))) return join(folder, hexOf(code));
  const others = names.filter((name) => /^[0-9a-f]{64}$/.test(name)).map((name) => `sha256:${name}`);
  if (others.length === 0) return folder;
  throw new UserError('FER6003', {
    problem: `the spec asks for the code ${code}, and the image holds ${others.join(', ')}`,
    fix: 'build the image from the sources of the spec: ferrule build; or compile the pipeline again',
  });
}

/**
 * Checks that a bundle folder is what a spec names.
 * @throws UserError FER6002 where there is none, FER6003 where its content is another
 */
export async function verifyBundle(folder: string, code: Digest): Promise<void> {
  const digest = await digestOfBundle(folder).catch((thrown: unknown) => {
    throw new UserError('FER6002', {
      problem: `the component's bundle cannot be read: ${messageOf(thrown)}`,
      fix: 'compile the pipeline again, or build the image again',
      cause: thrown,
    });
  });
  if (digest === code) return;
  throw new UserError('FER6003', {
    problem: `the spec asks for the code ${code}, and the bundle at ${folder} is ${digest}`,
    fix: 'compile the pipeline and build its images from the same source',
  });
}

/**
 * Loads the body of a bundle's component.
 * @throws UserError FER6002 where the bundle does not load, or holds no component
 */
export async function loadBody(folder: string): Promise<ComponentBody> {
  const file = join(folder, 'bundle.mjs');
  const loaded = await load(file);
  const body = loaded.default?.body;
  if (typeof body === 'function') return body as ComponentBody;
  throw new UserError('FER6002', { problem: `${file} has no component as its default export` });
}

interface BundleModule {
  readonly default?: { readonly body?: unknown };
}

async function load(file: string): Promise<BundleModule> {
  try {
    return (await import(pathToFileURL(file).href)) as BundleModule;
  } catch (thrown) {
    throw new UserError('FER6002', {
      problem: `the component's bundle does not load: ${messageOf(thrown)}`,
      fix: isMissingPackage(thrown)
        ? 'install the package where the component runs: in its image, or with npm install'
        : 'look at what the component does at the top level of its modules',
      cause: thrown,
    });
  }
}

function isMissingPackage(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
}
