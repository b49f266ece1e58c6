/** Components for tests of runners: written as source text, bundled as the compiler does. */
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Bundles } from '../../engine/ports.ts';
import { digestOfBundle } from '../../executor/bundle.ts';
import { hexOf, type Digest } from '../../spec/index.ts';

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
        logLevel: 'silent',
      });
      if (Object.keys(assets).length > 0) await mkdir(join(made, 'assets'));
      for (const [name, text] of Object.entries(assets)) await writeFile(join(made, 'assets', name), text);
      const code = await digestOfBundle(made);
      if (!known.has(code)) await rename(made, join(folder, hexOf(code)));
      known.add(code);
      return code;
    },
    folderOf: async (code) => (known.has(code) ? join(folder, hexOf(code)) : undefined),
  };
}
