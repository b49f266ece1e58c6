// npm run bench -- NAME: runs bench/NAME/run.mjs, or run.ts after bundling it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isStale } from '../bin/build.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .map(({ name }) => name);
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`name one of: ${names.join(', ')}`);
  process.exit(1);
}
if (isStale()) await build();

let program = join(folder, name, 'run.mjs');
if (!existsSync(program)) {
  const esbuild = await import('esbuild');
  program = join(folder, '..', 'dist', 'bench', `${name}.mjs`);
  await esbuild.build({
    entryPoints: [join(folder, name, 'run.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    conditions: ['ferrule-source'],
    logLevel: 'warning',
  });
}
process.exit(spawnSync(process.execPath, [program, ...rest], { stdio: 'inherit' }).status ?? 1);
