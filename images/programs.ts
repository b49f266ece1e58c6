/** The programs that go into images: built from this package, one file each. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownPackage } from '../compiler/index.ts';
import { InternalError } from '../errors/index.ts';
import type { ContextFile } from './context.ts';

/** Where a program lies in dist/, and what it is called in /ferrule of an image. */
const places = {
  run: ['executor/run.js', 'run.mjs'],
  launch: ['launcher/launch.js', 'launch.mjs'],
  ferrule: ['runtime/ferrule.js', 'ferrule.mjs'],
} as const;

type Program = keyof typeof places;

/**
 * Finds programs, and builds them first in a checkout.
 * @throws InternalError FER6106 where one is missing
 */
export async function programFiles(programs: readonly Program[]): Promise<ContextFile[]> {
  const { folder } = ownPackage();
  const script = join(folder, 'bin', 'build.mjs');
  if (existsSync(script)) {
    const { buildPrograms } = (await import(pathToFileURL(script).href)) as {
      readonly buildPrograms: () => Promise<void>;
    };
    await buildPrograms();
  }
  return programs.map((program) => {
    const [built, name] = places[program];
    const file = join(folder, 'dist', built);
    if (!existsSync(file))
      throw new InternalError('FER6106', {
        problem: `${name}, which images hold, is missing at ${file}`,
        fix: 'install ferrule again; in a checkout: npm run build',
      });
    return { path: `programs/ferrule/${name}`, content: { file } };
  });
}

/** The package.json that the command line looks for above itself. */
export function programManifest(): ContextFile {
  const { version } = ownPackage();
  const manifest = { name: 'ferrule', version, type: 'module', dependencies: {}, devDependencies: {} };
  return { path: 'programs/ferrule/package.json', content: `${JSON.stringify(manifest, null, 2)}\n` };
}
