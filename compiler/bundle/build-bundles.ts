/** Runs esbuild over components: one output a component, which holds its code and nothing of its siblings. */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, type Metafile, type OnResolveResult, type Plugin } from 'esbuild';
import { reportBuildFailure } from '../build-failure.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { FileRecorder } from '../file-record.ts';
import { ownModule, publicModules } from '../own-package.ts';
import { findPackage, packageName } from '../package-folder.ts';
import { userImport } from '../source-pass/droppable.ts';
import { userCodePlugin, type UserCode } from '../user-code.ts';
import type { BundleRequest } from './bundle-components.ts';
import { isNativePackage } from './native-packages.ts';

export interface BuiltBundle {
  readonly request: BundleRequest;
  readonly code: string;
  /** Source map, as JSON text. */
  readonly map: string;
  /** Absolute paths of all files that had a say. */
  readonly readFiles: readonly string[];
  /** Folders of the packages left out, by name. */
  readonly natives: ReadonlyMap<string, string>;
}

/** Bundles components; what fails is reported. Components that leave out the same packages share one build. */
export async function buildBundles(
  requests: readonly BundleRequest[],
  root: string,
  recorder: FileRecorder,
  diagnostics: Diagnostics,
): Promise<BuiltBundle[]> {
  const groups = new Map<string, BundleRequest[]>();
  for (const request of requests) {
    const key = JSON.stringify([...request.settings.external].sort());
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  const built = await Promise.all(
    [...groups.values()].map((group) => buildGroup(group, root, recorder, diagnostics)),
  );
  return built.flat();
}

async function buildGroup(
  group: readonly BundleRequest[],
  root: string,
  recorder: FileRecorder,
  diagnostics: Diagnostics,
): Promise<BuiltBundle[]> {
  const external = new Set(group[0]?.settings.external);
  const folders = new Map<string, string>();
  const packages = ({
    specifier,
    from,
  }: {
    specifier: string;
    from: string;
  }): OnResolveResult | undefined => {
    if (isBuiltin(specifier)) return { path: specifier, external: true };
    if (specifier === 'ferrule') return { path: ownModule('sdk/bundle-shim') };
    const own = publicModules[specifier];
    if (own !== undefined) return { path: ownModule(own) };
    const folder = findPackage(specifier, from);
    if (folder === undefined) return undefined;
    const name = packageName(specifier);
    if (!external.has(name) && !isNativePackage(folder)) return undefined;
    folders.set(name, folder);
    return { path: specifier, external: true };
  };
  const user: UserCode = { root, mode: 'bundle', packages, diagnostics, recorder, modules: new Map() };
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: group.map((_, index) => ({ in: `${entryNamespace}:${index}`, out: `${index}` })),
      outdir: root,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      minifyWhitespace: true,
      legalComments: 'none',
      charset: 'utf8',
      sourcemap: 'external',
      sourcesContent: true,
      conditions: ['ferrule-source'],
      logLevel: 'silent',
      plugins: [entryPlugin(group, root), userCodePlugin(user)],
    });
    return group.map((request, index): BuiltBundle => {
      const text = (suffix: string): string =>
        outputFiles.find((file) => file.path === path.join(root, `${index}.mjs${suffix}`))?.text ?? '';
      const output = metafile.outputs[`${index}.mjs`];
      const code = withoutFolders(text(''), new Set(Object.keys(output?.inputs ?? {})));
      return {
        request,
        ...withRequire(code, text('.map')),
        readFiles: reachable(metafile, request.component.file).map((file) => path.resolve(root, file)),
        natives: nativesOf(output, folders),
      };
    });
  } catch (error) {
    const before = diagnostics.count;
    reportBuildFailure(error, root, diagnostics);
    if (diagnostics.count === before) throw error;
    return [];
  }
}

const entryNamespace = 'ferrule-bundle';

/** Each component's entry exports it as default. */
function entryPlugin(group: readonly BundleRequest[], root: string): Plugin {
  return {
    name: 'ferrule-bundle-entry',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${entryNamespace}:`) }, (args) => ({
        path: args.path.slice(entryNamespace.length + 1),
        namespace: entryNamespace,
      }));
      build.onLoad({ filter: /./, namespace: entryNamespace }, (args) => {
        const component = group[Number(args.path)]?.component;
        if (component === undefined) return undefined;
        const from = JSON.stringify(`${userImport}./${component.file}`);
        return {
          contents: `export { ${component.name} as default } from ${from}`,
          resolveDir: root,
          loader: 'js',
        };
      });
    },
  };
}

/** esbuild names CommonJS modules by their paths, which tell where packages lie: the same code must be the same bytes. */
function withoutFolders(code: string, inputs: ReadonlySet<string>): string {
  return code.replaceAll(/"([^"\\\n]*node_modules\/)([^"\\\n]+)"\(/g, (whole, folder: string, name: string) =>
    inputs.has(`${folder}${name}`) ? `${JSON.stringify(name)}(` : whole,
  );
}

const requireLine =
  'import{createRequire as ferruleRequire}from"node:module";const require=ferruleRequire(import.meta.url);\n';

/** CommonJS packages call `require`, which an ES module does not have: a line before the bundle makes one. */
function withRequire(code: string, map: string): Pick<BuiltBundle, 'code' | 'map'> {
  if (!/\brequire\b/.test(code)) return { code, map };
  return { code: `${requireLine}${code}`, map: map.replace(/"mappings": ?"/, (start) => `${start};`) };
}

/** Lists a file and all files that it imports, whether or not anything of them was kept. */
function reachable(metafile: Metafile, start: string): string[] {
  const found = new Set([start]);
  for (const file of found)
    for (const { path: target, external } of metafile.inputs[file]?.imports ?? [])
      if (external !== true && metafile.inputs[target] !== undefined) found.add(target);
  return [...found].filter((file) => !file.includes(':'));
}

function nativesOf(
  output: Metafile['outputs'][string] | undefined,
  folders: ReadonlyMap<string, string>,
): Map<string, string> {
  const natives = new Map<string, string>();
  for (const { path: specifier, external } of output?.imports ?? []) {
    if (external !== true) continue;
    const name = packageName(specifier);
    const folder = folders.get(name);
    if (folder !== undefined) natives.set(name, folder);
  }
  return natives;
}
