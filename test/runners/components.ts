/** Components for tests of runners: written as source text, bundled as the compiler does. */
import { mkdir, mkdtemp, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import type { Bundles } from '../../engine/ports.ts';
import { digestOfBundle } from '../../executor/bundle.ts';
import { hexOf, packPayload, type Digest } from '../../spec/index.ts';

/** A folder of bundles, as a project's cache has it. */
export interface BundleFolder extends Bundles {
  readonly folder: string;
  /**
   * Bundles a component.
   * @param body a function expression `(inputs, out, context) => ...`
   * @param top code above it
   */
  add(body: string, top?: string, assets?: Readonly<Record<string, string>>): Promise<Digest>;
}

export async function bundleFolder(): Promise<BundleFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'ferrule-bundles-'));
  const known = new Set<Digest>();
  const sdk = JSON.stringify(join(import.meta.dirname, '../../sdk/bundle-shim.ts'));
  let count = 0;
  return {
    folder,
    async add(body, top = '', assets = {}) {
      const made = join(folder, `new-${count++}`);
      const contents = `import { component, TaskError, asset } from ${sdk};\n${top}\nexport default component({}, ${body});\n`;
      await build({
        stdin: { contents, resolveDir: import.meta.dirname, sourcefile: 'component.ts', loader: 'ts' },
        outfile: join(made, 'bundle.mjs'),
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20',
        packages: 'external',
        minifyWhitespace: true,
        sourcemap: 'external',
        logLevel: 'silent',
      });
      if (Object.keys(assets).length > 0) await mkdir(join(made, 'assets'));
      for (const [name, text] of Object.entries(assets)) await writeFile(join(made, 'assets', name), text);
      await rename(join(made, 'bundle.mjs.map'), `${made}.map`);
      const code = await digestOfBundle(made);
      // Two calls at once may make the same bundle: only the first is put in place.
      if (known.has(code)) return code;
      known.add(code);
      await rename(made, join(folder, hexOf(code)));
      await rename(`${made}.map`, join(folder, `${hexOf(code)}.map`));
      return code;
    },
    folderOf: async (code) => (known.has(code) ? join(folder, hexOf(code)) : undefined),
  };
}

/** Packs a bundle as a lightweight component's spec carries it. */
export async function payloadOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = files.map(
    async (file) => [relative(folder, file), (await readFile(file)).toString('base64')] as const,
  );
  return packPayload({ executor: '', files: Object.fromEntries(await Promise.all(contents)) });
}
