/** Where things are, for one call of the command line: resolved once from options, environment and the project. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

export interface Settings {
  /** The folder that holds package.json. */
  readonly projectRoot: string;
  /** What may be deleted at any time: compiled code, bundles. */
  readonly cacheFolder: string;
  /** The pipeline root: a folder, later also gs:// and s3://. */
  readonly root: string;
  /** The process' environment, with the project's .env under it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Resolves the settings of a command.
 * @param from the pipeline's file, or a folder: the project is the nearest folder above it with a package.json
 * @param root the `--root` option. @default `.ferrule/root` in the project
 */
export function resolveSettings(from: string, root: string | undefined): Settings {
  const projectRoot = findProjectRoot(resolve(from));
  return {
    projectRoot,
    cacheFolder: join(projectRoot, '.ferrule', 'cache'),
    root: root === undefined ? join(projectRoot, '.ferrule', 'root') : asRoot(root),
    env: { ...readEnvFile(join(projectRoot, '.env')), ...process.env },
  };
}

function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

function asRoot(root: string): string {
  return /^[a-z0-9]+:\/\//.test(root) ? root : resolve(root);
}

function readEnvFile(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  // A name left empty in .env is a name not set.
  const entries = Object.entries(parseEnv(readFileSync(file, 'utf8'))).filter(([, value]) => value !== '');
  return Object.fromEntries(entries);
}
