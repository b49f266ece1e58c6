/** The programs that go into images: built from this package, one file each. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownPackage } from '../compiler/index.ts';
import { InternalError } from '../errors/index.ts';
import type { ContextFile } from './context.ts';
import type { Environment } from './engine.ts';

/** Where a program lies in dist/, and what it is called in /ferrule of an image. */
const places = {
  run: ['executor/run.js', 'run.mjs'],
  launch: ['launcher/launch.js', 'launch.mjs'],
  ferrule: ['runtime/ferrule.js', 'ferrule.mjs'],
  server: ['runtime/server.js', 'ferrule.mjs'],
  worker: ['runtime/worker.js', 'worker.js'],
  interpreter: ['runners/local/python/interpreter.py', 'python/interpreter.py'],
  pythonTask: ['runners/local/python/ferrule_task.py', 'python/ferrule_task.py'],
  pythonPackages: ['runners/local/python/ferrule_packages.py', 'python/ferrule_packages.py'],
} as const;

export type Program = keyof typeof places;

/** Builds the programs in a checkout; a published package holds them. FERRULE_NO_BUILD leaves them as they are. */
export async function freshenPrograms(env: Environment): Promise<void> {
  const script = join(ownPackage().folder, 'bin', 'build.mjs');
  if (env['FERRULE_NO_BUILD'] !== undefined || !existsSync(script)) return;
  const { buildPrograms } = (await import(pathToFileURL(script).href)) as {
    readonly buildPrograms: () => Promise<void>;
  };
  await buildPrograms();
}

/**
 * Finds programs.
 * @throws InternalError FER6106 where one is missing
 */
export function programFiles(programs: readonly Program[]): ContextFile[] {
  const { folder } = ownPackage();
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
