import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which folder may import from which, besides itself. docs/ARCHITECTURE.md shows the same table. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  spec: ['errors'],
  sdk: ['spec', 'errors'],
  compiler: ['sdk', 'spec', 'errors'],
  engine: ['spec', 'errors'],
  executor: ['sdk', 'spec', 'errors'],
  runners: ['engine/ports', 'executor', 'spec', 'errors'],
  stores: ['engine/ports', 'spec', 'errors'],
  launcher: ['executor', 'stores', 'engine/ports', 'spec', 'errors'],
  images: ['compiler', 'spec', 'errors'],
  onnx: ['errors'],
  remotes: ['spec', 'errors'],
  server: ['engine', 'spec', 'errors'],
  sweep: ['engine', 'spec', 'errors'],
  cli: [
    'compiler',
    'engine',
    'executor',
    'images',
    'remotes',
    'runners',
    'server',
    'stores',
    'sweep',
    'onnx',
    'sdk',
    'spec',
    'errors',
  ],
  components: [],
  // An example may swap one of the flagship's components.
  examples: ['components'],
};

/** Modules that a folder must not load, because they would tie it to one machine. */
const forbidden: Readonly<Record<string, RegExp>> = {
  sdk: /^node:/,
  engine: /^(node:(?!crypto)|execa|dockerode|@)/,
  sweep: /^(node:|execa|dockerode|@)/,
};

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statement = /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'/g;
  const top = [...text.matchAll(statement)].map((match) => match[1] ?? match[2] ?? '');
  const dynamic = [...text.matchAll(/\bimport\('(\.[^']+)'\)/g)].map((match) => match[1] ?? '');
  return [...top, ...dynamic];
}

describe('the import table', () => {
  it('has every folder with sources, and so has the table of the folders', () => {
    const elsewhere = ['node_modules', 'dist', 'coverage', 'test', 'bench', 'shared'];
    const folders = readdirSync(root, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !elsewhere.includes(entry.name),
      )
      .map(({ name }) => name)
      .filter((name) => sourcesOf(name).length > 0);
    expect(folders.filter((folder) => allowed[folder] === undefined)).toEqual([]);
    const architecture = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8');
    expect(folders.filter((folder) => !architecture.includes(`\`${folder}/`))).toEqual([]);
  });

  for (const [folder, targets] of Object.entries(allowed)) {
    it(`${folder}/ imports only what it may`, () => {
      const wrong: string[] = [];
      for (const file of sourcesOf(folder)) {
        for (const specifier of importsOf(file)) {
          const place = `${relative(root, file)} imports ${specifier}`;
          if (forbidden[folder]?.test(specifier) === true) wrong.push(place);
          if (!specifier.startsWith('.')) continue;
          const target = relative(root, resolve(dirname(file), specifier))
            .split(sep)
            .join('/');
          const inside = target.startsWith(`${folder}/`) && !crossesSiblings(folder, file, target);
          if (
            !inside &&
            !targets.some((prefix) => target === `${prefix}.ts` || target.startsWith(`${prefix}/`))
          )
            wrong.push(place);
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});

/** Runners never import each other: local/ must not know docker/. */
function crossesSiblings(folder: string, file: string, target: string): boolean {
  if (folder !== 'runners') return false;
  const [, from] = relative(root, file).split(sep);
  return target.split('/')[1] !== from;
}
