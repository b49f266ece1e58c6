/** The esbuild plugin through which both bundling for the trace and bundling of components see a user's code. */
import { isBuiltin } from 'node:module';
import type { OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import type { Location } from '../errors/index.ts';
import { reportUnresolved } from './build-failure.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FileRecorder } from './file-record.ts';
import { projectPath } from './project.ts';
import { bundleSource } from './source-pass/bundle-source.ts';
import { userImport } from './source-pass/droppable.ts';
import { traceSource } from './source-pass/trace-source.ts';
import { parseUserModule, type UserModule } from './source-pass/user-module.ts';
import { locate, readSource } from './source-text.ts';

/** Decides what an import of a package means; undefined leaves it to esbuild. */
type PackagePolicy = (site: PackageImport) => OnResolveResult | undefined;

interface PackageImport {
  readonly specifier: string;
  /** Folder of the importing file. */
  readonly from: string;
}

export interface UserCode {
  readonly root: string;
  readonly mode: 'trace' | 'bundle';
  readonly packages: PackagePolicy;
  readonly diagnostics: Diagnostics;
  /** Is told what was read. */
  readonly recorder: FileRecorder;
  /** The user's files that were seen, by absolute path. Filled as esbuild goes. */
  readonly modules: Map<string, UserModule>;
}

/** Makes the plugin. Files under node_modules pass as they are. */
export function userCodePlugin(user: UserCode): Plugin {
  return {
    name: 'ferrule-user-code',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${userImport}`) }, (args) =>
        resolveUserImport(build, user, { ...args, specifier: args.path.slice(userImport.length) }),
      );
      build.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind, pluginData }) => {
        if (kind === 'entry-point' || pluginData === passing || path.startsWith(userImport)) return undefined;
        return user.packages({ specifier: path, from: resolveDir });
      });
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        const source = readSource(user.root, path);
        user.recorder.note(path, source.bytes);
        const module = parseUserModule(source);
        user.modules.set(path, module);
        for (const fault of module.faults) user.diagnostics.take(fault);
        if (module.faults.some(({ code }) => code === 'FER2001')) return { contents: '', loader: 'js' };
        const code = user.mode === 'trace' ? traceSource(module) : bundleSource(module);
        const map = code.generateMap({ source: path, hires: 'boundary', includeContent: false });
        return {
          contents: `${code.toString()}\n//# sourceMappingURL=${map.toUrl()}`,
          loader: loaderOf(path),
        };
      });
    },
  };
}

/** Marks resolve requests of the plugin's own, which must not come back to it. */
const passing = Symbol('passing');

interface UserImport {
  readonly specifier: string;
  readonly importer: string;
  readonly resolveDir: string;
  readonly kind: Parameters<PluginBuild['resolve']>[1] extends infer O
    ? O extends { kind?: infer K }
      ? NonNullable<K>
      : never
    : never;
}

async function resolveUserImport(
  build: PluginBuild,
  user: UserCode,
  { specifier, importer, resolveDir, kind }: UserImport,
): Promise<OnResolveResult> {
  if (isBuiltin(specifier)) return { path: specifier, external: true, sideEffects: false };
  const decided = /^[./]/.test(specifier) ? undefined : user.packages({ specifier, from: resolveDir });
  if (decided !== undefined) return { sideEffects: false, ...decided };
  const { path, external, namespace, errors } = await build.resolve(specifier, {
    importer,
    resolveDir,
    kind,
    pluginData: passing,
  });
  if (errors.length === 0) return { path, external, namespace, sideEffects: false };
  reportUnresolved(specifier, placeOfImport(user, importer, specifier), user.diagnostics);
  return { path: specifier, external: true, sideEffects: false };
}

function placeOfImport(user: UserCode, importer: string, specifier: string): Location {
  const module = user.modules.get(importer);
  const site = module?.imports.find((entry) => entry.specifier === specifier);
  return module !== undefined && site !== undefined
    ? locate(module.source, site.start)
    : { file: projectPath(user.root, importer) };
}

function loaderOf(path: string): 'ts' | 'tsx' | 'jsx' | 'js' {
  if (path.endsWith('.tsx')) return 'tsx';
  if (path.endsWith('.jsx')) return 'jsx';
  return path.endsWith('ts') ? 'ts' : 'js';
}
