import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The names in the export lists of a module. */
function exportsOf(file: string): string[] {
  return [...read(file).matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => name !== '');
}

describe('the pages of the language', () => {
  it('mention every name that the SDK exports', () => {
    const names = exportsOf('sdk/index.ts');
    expect(names.length).toBeGreaterThan(80);
    const page = read('docs/language.md');
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("list every pair in which KFP's compiler is wrong, with its reason", () => {
    const page = read('docs/beside-kfp.md');
    const folder = 'test/twins-differ';
    const pairs = readdirSync(join(root, folder)).filter((name) =>
      existsSync(join(root, folder, name, 'pipeline.py')),
    );
    for (const name of pairs) {
      const { reason } = JSON.parse(read(`${folder}/${name}/differs.json`)) as { reason: string };
      expect(page).toContain(
        `| [${name}](../${folder}/${name}/pipeline.py) | ${reason.replaceAll('|', '\\|')} |`,
      );
    }
  });

  it('lead from each theme beside KFP to examples that exist', () => {
    const examples = [...read('docs/beside-kfp.md').matchAll(/\(\.\.\/(examples\/[^)]+)\)/g)].map(
      ([, path]) => path,
    );
    expect(examples.length).toBeGreaterThan(10);
    expect(examples.filter((path) => !existsSync(join(root, path ?? '')))).toEqual([]);
  });
});
