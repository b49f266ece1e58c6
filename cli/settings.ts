/** Where things are, for one call of the command line: resolved once from options, environment and the project. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

export interface Settings {
  /** The folder that holds package.json. */
  readonly projectRoot: string;
  /** What may be deleted at any time: compiled code, bundles. */
  readonly cacheFolder: string;
  /** The pipeline root: a folder's absolute path, gs:// or s3://. */
  readonly root: string;
  /** The process' environment, with the project's .env under it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Resolves the settings of a command.
 * @param from the pipeline's file, or a folder: the project is the nearest folder above it with a package.json
 * @param root the `--root` option. @default FERRULE_ROOT, else `.ferrule/root` in the project
 */
export function resolveSettings(from: string, root: string | undefined): Settings {
  const projectRoot = findProjectRoot(resolve(from));
  const env = { ...readEnvFile(join(projectRoot, '.env')), ...process.env };
  return {
    projectRoot,
    cacheFolder: join(projectRoot, '.ferrule', 'cache'),
    root: rootOf(root, env['FERRULE_ROOT'], projectRoot),
    env,
  };
}

function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

function rootOf(option: string | undefined, variable: string | undefined, projectRoot: string): string {
  if (option !== undefined) return asRoot(option, process.cwd());
  if (variable !== undefined && variable !== '') return asRoot(variable, projectRoot);
  return join(projectRoot, '.ferrule', 'root');
}

function asRoot(root: string, from: string): string {
  return /^[a-z0-9]+:\/\//.test(root) ? root : resolve(from, root);
}

function readEnvFile(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  // A name left empty in .env is a name not set.
  const entries = Object.entries(parseEnv(readFileSync(file, 'utf8'))).filter(([, value]) => value !== '');
  return Object.fromEntries(entries);
}
