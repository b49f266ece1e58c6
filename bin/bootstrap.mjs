// Makes the first command in a clean clone work: installs what is missing, then says nothing.
// `start` needs the packages that Ferrule runs with, `test` those for development too.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const purpose = process.argv[2] === 'start' ? 'start' : 'test';
const stampFile = join(root, 'node_modules', '.ferrule-installed');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

/** What the last install here was for: `<lock digest> start|test`. A plain `npm install` of one's own counts for all. */
function installed() {
  if (!existsSync(join(root, 'node_modules', 'esbuild'))) return false;
  if (!existsSync(stampFile)) return existsSync(join(root, 'node_modules', 'vitest'));
  const [digest, what] = readFileSync(stampFile, 'utf8').split(' ');
  return digest === lock && (what === 'test' || what === purpose);
}

if (!installed()) {
  console.log(`Installing packages (once, about half a minute)...`);
  const omit = purpose === 'start' ? ['--omit=dev'] : [];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(
    npm,
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...omit],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    console.error('npm ci failed: see above. Ferrule needs Node 20.19 or newer and the npm registry.');
    process.exit(status ?? 1);
  }
  writeFileSync(stampFile, `${lock} ${purpose}`);
}

// `npx ferrule` in the clone finds the command here.
const command = join(root, 'node_modules', '.bin', 'ferrule');
if (process.platform !== 'win32' && !existsSync(command)) {
  mkdirSync(dirname(command), { recursive: true });
  rmSync(command, { force: true });
  symlinkSync('../../bin/ferrule.mjs', command);
}
