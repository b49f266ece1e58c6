/** The container of a component without an image: a plain Node image, and its code in the arguments. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packPayload } from '../../spec/index.ts';
import { ownPackage } from '../own-package.ts';

/** The image that runs lightweight components. */
export const nodeImage = 'node:22-slim';

/**
 * Unpacks the payload from the arguments into a folder of its own and runs the executor there. `node -e` takes no
 * options of the program's without a `--` before them.
 */
const bootstrap = `
import { brotliDecompressSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
const rest = [], chunks = [];
for (let args = process.argv.slice(1), i = 0; i < args.length; i++)
  if (args[i] === '--payload') chunks.push(args[++i]); else if (args[i] !== '--') rest.push(args[i]);
const { executor, files } = JSON.parse(brotliDecompressSync(Buffer.from(chunks.join(''), 'base64')));
const folder = mkdtempSync(join(tmpdir(), 'ferrule-'));
const run = join(folder, 'run.mjs');
writeFileSync(run, executor);
for (const [name, content] of Object.entries(files)) {
  const file = join(folder, 'bundle', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.from(content, 'base64'));
}
process.argv = [process.argv[0], run, ...rest];
await import(pathToFileURL(run).href);
`.trim();

export const lightweightCommand: readonly string[] = ['node', '--input-type=module', '-e', bootstrap, '--'];

/** Packs the executor and a bundle folder for the arguments. */
export function lightweightPayload(bundleFolder: string): string {
  const executor = readFileSync(path.join(ownPackage().folder, 'dist', 'executor', 'run.js'), 'utf8');
  const files: Record<string, string> = {};
  const visit = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) visit(path.join(folder, entry.name), `${prefix}${entry.name}/`);
      else files[`${prefix}${entry.name}`] = readFileSync(path.join(folder, entry.name)).toString('base64');
  };
  visit(bundleFolder, '');
  return packPayload({ executor: executor.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'), files });
}
