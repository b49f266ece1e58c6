/** Where a pipeline's project begins, and where its cache lies. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface Project {
  /** The nearest folder, from the file upwards, that holds a package.json; else the file's own folder. */
  readonly root: string;
  readonly cacheFolder: string;
}

/** Finds the project of a file. Both paths are absolute. */
export function findProject(file: string): Project {
  const start = path.dirname(path.resolve(file));
  const root = ancestors(start).find((folder) => existsSync(path.join(folder, 'package.json'))) ?? start;
  return { root, cacheFolder: path.join(root, '.ferrule', 'cache') };
}

/** Lists a folder and all folders above it, nearest first. */
export function ancestors(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

/** Writes a path as seen from the project, with `/` between names. */
export function projectPath(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}
