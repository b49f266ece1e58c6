/** Folders and files as a project sees them. */
import path from 'node:path';

/** Lists a folder and all folders above it, nearest first. */
export function ancestors(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

/** Writes a path as seen from the project, with `/` between names. */
export function projectPath(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}
