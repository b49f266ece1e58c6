// Builds dist/ from the sources: JavaScript by esbuild (0.3 s), and with --types the declarations by tsc.
// In a checkout bin/ferrule.mjs calls this whenever a source is newer than dist/; a published package holds dist/ alone.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sourceFolders = [
  'cli',
  'compiler',
  'engine',
  'errors',
  'executor',
  'images',
  'launcher',
  'onnx',
  'remotes',
  'runners',
  'sdk',
  'server',
  'spec',
  'stores',
];
const stampFile = join(root, 'dist', '.stamp');
const programsStampFile = join(root, 'dist', '.programs-stamp');

/** What a user's code, the command line and child processes load. */
const entryPoints = [
  'sdk/index.ts',
  'sdk/bundle-shim.ts',
  'onnx/index.ts',
  'stores/locations/index.ts',
  'runners/local/worker.ts',
  'cli/main.ts',
];

/** Programs for other interpreters: copied as they are. */
const copied = ['interpreter.py', 'ferrule_task.py', 'ferrule_packages.py'].map(
  (name) => `runners/local/python/${name}`,
);

/** What is copied into images and specs: one file each, with nothing beside it. */
const selfContained = ['executor/run.ts'];

/** Packages that only compile, draw or train: no image of ours has them, nor asks for them. */
const leftOutOfServer = [
  '@observablehq/plot',
  'esbuild',
  'linkedom',
  'onnx-proto',
  'onnxruntime-node',
  'oxc-parser',
  'sharp',
  'ts-morph',
];

/** Beside those, what only a server needs. */
const leftOutOfPods = [
  ...leftOutOfServer,
  '@hono/node-server',
  '@hono/zod-openapi',
  'croner',
  'dockerode',
  'hono',
  'libsql',
  'pg',
];

/** What works inside of containers: one file each, with the clients of object stores and clusters in it. */
const programs = [
  {
    sources: { 'launcher/launch': 'launcher/launch.ts', 'runtime/ferrule': 'cli/main.ts' },
    leftOut: leftOutOfPods,
  },
  {
    sources: { 'runtime/server': 'cli/main.ts', 'runtime/worker': 'runners/local/worker.ts' },
    leftOut: leftOutOfServer,
  },
];

/** What programs find beside them, if it is there: the first is in the server's image, the others make something faster. */
const found = ['libsql', 'pg-native', 'cpu-features', '*.node'];

/** Whether this is a checkout, and dist/ is older than what it is made of. */
export function isStale() {
  if (!existsSync(join(root, 'cli', 'main.ts'))) return false;
  return !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp();
}

/** Names, sizes and times of all sources: a change of any of them shows. */
function stamp() {
  const lines = [];
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (/\.(ts|py)$/.test(entry.name)) {
        const { size, mtimeMs } = statSync(join(root, path));
        lines.push(`${path} ${size} ${mtimeMs}`);
      }
    }
  };
  for (const folder of sourceFolders) if (existsSync(join(root, folder))) visit(folder);
  for (const file of ['package-lock.json', 'bin/build.mjs'])
    lines.push(`${statSync(join(root, file)).mtimeMs}`);
  return lines.sort().join('\n');
}

/**
 * Builds dist/. `types` adds the declarations, which takes a second more; `clean` starts from nothing, which a program
 * that runs from dist/ at the same time would not survive.
 */
export async function build({ types = false, clean = false } = {}) {
  const { build: bundle } = await import('esbuild');
  const before = stamp();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const options = {
    absWorkingDir: root,
    outbase: '.',
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    conditions: ['ferrule-source'],
    sourcemap: true,
    logLevel: 'warning',
    define: { FERRULE_VERSION: JSON.stringify(version) },
  };
  if (clean) rmSync(join(root, 'dist'), { recursive: true, force: true });
  await bundle({
    ...options,
    entryPoints: entryPoints.filter((entry) => existsSync(join(root, entry))),
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    entryNames: '[dir]/[name]',
  });
  await bundle({
    ...options,
    entryPoints: selfContained.filter((entry) => existsSync(join(root, entry))),
    minifyWhitespace: true,
    sourcemap: false,
  });
  for (const file of copied) {
    mkdirSync(dirname(join(root, 'dist', file)), { recursive: true });
    // Whole at any time: an interpreter may start while this goes on.
    const aside = join(root, 'dist', `${file}.${process.pid}`);
    copyFileSync(join(root, file), aside);
    renameSync(aside, join(root, 'dist', file));
  }
  if (types)
    execFileSync(process.execPath, [join(root, 'node_modules/tsgo/bin/tsc'), '-p', 'tsconfig.build.json'], {
      cwd: root,
      stdio: 'inherit',
    });
  writeFileSync(stampFile, before);
}

/**
 * Builds the programs that go into images, where they are older than their sources. They take a second, and a run on
 * this machine needs none of them: `ferrule build` and a published package do.
 */
export async function buildPrograms() {
  const before = stamp();
  if (existsSync(programsStampFile) && readFileSync(programsStampFile, 'utf8') === before) return;
  const { build: bundle } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const made = programs.map(({ sources, leftOut }) =>
    bundle({
      absWorkingDir: root,
      entryPoints: sources,
      external: found,
      outdir: 'dist',
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      plugins: [withoutPackages(leftOut)],
      conditions: ['ferrule-source'],
      minifyWhitespace: true,
      minifySyntax: true,
      // Packages know classes of others by their names, such as AbortSignal.
      keepNames: true,
      legalComments: 'none',
      logLevel: 'error',
      define: { FERRULE_VERSION: JSON.stringify(version) },
      // Bundled CommonJS packages call `require`, which an ES module does not have.
      banner: {
        js: "import{createRequire as ferruleRequire}from'node:module';const require=ferruleRequire(import.meta.url);",
      },
    }),
  );
  const outputFiles = (await Promise.all(made)).flatMap((one) => one.outputFiles);
  // Two commands may build at once, while a third reads: a program is whole at any time.
  for (const { path, contents } of outputFiles) {
    const aside = `${path}.${process.pid}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(aside, contents);
    renameSync(aside, path);
  }
  writeFileSync(programsStampFile, before);
}

/** Puts a module that throws in the place of packages: what is imported by its name alone would stop the program. */
function withoutPackages(names) {
  const namespace = 'left-out';
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^(?:${names.join('|')})(?:/|$)`) }, ({ path }) => ({
        path,
        namespace,
      }));
      // The client of Docker loads that of SSH, whose WebAssembly fits into no bundle, for engines at ssh:// alone.
      build.onResolve({ filter: /^ssh2$/ }, () => ({ path: 'ssh2', namespace: `${namespace}-late` }));
      build.onLoad({ filter: /./, namespace: `${namespace}-late` }, ({ path }) => ({
        contents: `exports.Client = class { constructor() { throw new Error(${JSON.stringify(`this program does not hold the package ${path}`)}); } };`,
        loader: 'js',
      }));
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: `module.exports = {}; throw new Error(${JSON.stringify(`this program does not hold the package ${path}`)});`,
        loader: 'js',
      }));
    },
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build({ types: process.argv.includes('--types'), clean: process.argv.includes('--clean') });
  if (process.argv.includes('--programs')) await buildPrograms();
}
