/** Turns a pipeline file and what it imports into one module that can be traced, and keeps that in the cache. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { OnResolveResult } from 'esbuild';
import { cacheKey, readEntry, writeWhole, type CacheEntry } from '../cache-file.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { reportBuildFailure } from '../build-failure.ts';
import { digestOf, hexOf } from '../../spec/index.ts';
import { FileRecorder } from '../file-record.ts';
import { ownPackage } from '../own-package.ts';
import { findPackage, isWorkspacePackage } from '../package-folder.ts';
import { sdkExports } from './trace-sdk.ts';
import type { UserCode } from '../user-code.ts';

export interface TraceModule {
  /** The module's JavaScript file, with its source map at the same path and `.map`. */
  readonly file: string;
  /** The user's files that hold components or required parameters, as seen from the project. */
  readonly typedFiles: readonly string[];
  /** All the user's files it was made of: absolute paths. */
  readonly readFiles: readonly string[];
  /** Whether it can run: not where a file has a syntax error or an import leads nowhere. */
  readonly runnable: boolean;
}

interface TraceEntry extends CacheEntry {
  /** Name of the module's file. */
  readonly module: string;
  readonly typedFiles: readonly string[];
}

/** Loads a pipeline's module from the cache, or makes it. Faults of the source go into `diagnostics`. */
export async function loadTraceModule(
  request: { readonly file: string; readonly projectRoot: string; readonly cacheFolder: string },
  diagnostics: Diagnostics,
): Promise<TraceModule> {
  const { file, projectRoot: root, cacheFolder } = request;
  const compiler = ownPackage().build;
  const folder = path.join(cacheFolder, 'trace');
  const entryFile = path.join(folder, `${cacheKey(path.relative(root, file))}.json`);
  const known = readEntry<TraceEntry>(entryFile, root, compiler);
  if (known && existsSync(path.join(folder, known.module)))
    return {
      file: path.join(folder, known.module),
      typedFiles: known.typedFiles,
      readFiles: known.files.map((record) => path.resolve(root, record.path)),
      runnable: true,
    };
  const recorder = new FileRecorder(root);
  const made = await bundleForTrace(root, file, recorder, diagnostics);
  // Named by its content: another compile of the same file cannot put another module under this entry.
  const name = `${hexOf(digestOf(made.code)).slice(0, 32)}.mjs`;
  const entry: TraceEntry = {
    compiler,
    files: made.readFiles.map((read) => recorder.record(read)),
    module: name,
    typedFiles: made.typedFiles,
  };
  const target = path.join(folder, name);
  writeWhole(target, made.code);
  writeWhole(`${target}.map`, made.map);
  if (diagnostics.empty) writeWhole(entryFile, JSON.stringify(entry));
  const runnable = !diagnostics.has('FER2001', 'FER2002', 'FER2023');
  return { file: target, typedFiles: made.typedFiles, readFiles: made.readFiles, runnable };
}

async function bundleForTrace(root: string, file: string, recorder: FileRecorder, diagnostics: Diagnostics) {
  const [{ build }, { userCodePlugin }] = await Promise.all([import('esbuild'), import('../user-code.ts')]);
  const user: UserCode = {
    root,
    mode: 'trace',
    packages: tracePackages,
    diagnostics,
    recorder,
    modules: new Map(),
  };
  const sdk = `const sdk = globalThis[Symbol.for('ferrule.trace')];\n${sdkExports
    .map((name) => `export const ${name} = sdk.${name};`)
    .join('\n')}`;
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile: path.join(root, 'trace.mjs'),
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      plugins: [
        userCodePlugin(user),
        {
          name: 'ferrule-trace-sdk',
          setup: (build) =>
            build.onLoad({ filter: /./, namespace: sdkNamespace }, () => ({ contents: sdk, loader: 'js' })),
        },
      ],
    });
    const readFiles = Object.keys(metafile.inputs)
      .filter((name) => !name.startsWith(`${sdkNamespace}:`))
      .map((name) => path.resolve(root, name));
    const text = (suffix: string): string =>
      outputFiles.find((output) => output.path.endsWith(suffix))?.text ?? '';
    return {
      code: text('.mjs'),
      map: text('.map'),
      readFiles,
      typedFiles: [...user.modules.values()]
        .filter(({ components, required }) => components.length + required.length > 0)
        .map(({ source }) => source.name)
        .sort(),
    };
  } catch (error) {
    reportBuildFailure(error, root, diagnostics);
    diagnostics.throwAny();
    throw error;
  }
}

const sdkNamespace = 'ferrule-sdk';

/**
 * Installed packages are not part of the trace module: Node loads those that the pipeline's own code uses. Those of the
 * user's workspace are sources like any other.
 */
function tracePackages({
  specifier,
  from,
}: {
  specifier: string;
  from: string;
}): OnResolveResult | undefined {
  if (specifier === 'ferrule') return { path: 'ferrule', namespace: sdkNamespace };
  if (specifier.startsWith('ferrule/')) return { path: specifier, external: true };
  const folder = findPackage(specifier, from);
  if (folder === undefined || isWorkspacePackage(folder)) return undefined;
  return { path: specifier, external: true };
}

/** Reads the source map of a trace module. */
export function readTraceMap(module: TraceModule): unknown {
  return JSON.parse(readFileSync(`${module.file}.map`, 'utf8'));
}
