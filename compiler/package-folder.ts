/** Finds installed packages the way Node does. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ancestors } from './project.ts';

/** Takes the package's name off a specifier: `@a/b/c` gives `@a/b`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Finds the folder of the package that a specifier names, seen from a folder; undefined where none is installed. */
export function findPackage(specifier: string, from: string): string | undefined {
  const name = packageName(specifier);
  return ancestors(from)
    .map((folder) => path.join(folder, 'node_modules', name))
    .find((folder) => existsSync(path.join(folder, 'package.json')));
}

/** Whether a package is a link to sources outside of node_modules, as packages of a workspace are. */
export function isWorkspacePackage(folder: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(realpathSync(folder));
}
