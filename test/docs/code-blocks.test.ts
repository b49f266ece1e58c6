import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = resolve(import.meta.dirname, '..', '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms)].map(
    ([, language = '', text = '']) => ({ page, language, text }),
  ),
);

// The modules must lie inside the project, where the package's own name resolves.
const folder = mkdtempSync(join(root, 'test', '.docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the documentation', () => {
  it('has TypeScript that passes the type checker', () => {
    const modules = blocks.filter(({ language }) => language === 'ts');
    expect(modules.length).toBeGreaterThan(0);
    for (const [index, { text }] of modules.entries()) writeFileSync(join(folder, `block${index}.ts`), text);
    const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/tsgo/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    const named = stdout.replaceAll(
      /block(\d+)\.ts/g,
      (_, index) => `${modules[Number(index)]?.page}: block ${index}`,
    );
    expect(named).toBe('');
  });

  it('has JSON and YAML that parse', () => {
    const faults = blocks.flatMap(({ language, text, page }) => {
      if (language !== 'json' && language !== 'yaml') return [];
      return parseAllDocuments(text, { strict: true })
        .flatMap(({ errors }) => errors)
        .map(({ message }) => `${page}: ${message}`);
    });
    expect(faults).toEqual([]);
  });

  it('names only commands and options that exist', () => {
    const help = new Map<string, string>();
    const helpOf = (command: string): string => {
      const known = help.get(command);
      if (known !== undefined) return known;
      const words = [...command.split(' '), '--help'];
      const text = execFileSync(process.execPath, [join(root, 'bin/ferrule.mjs'), ...words], {
        encoding: 'utf8',
      });
      help.set(command, text);
      return text;
    };
    const calls = blocks.flatMap(({ page, text }) =>
      [
        ...text.matchAll(
          /(?:^|npx )ferrule ((?:cluster|templates|schedule) [a-z]+|[a-z]+)((?: [^\n#|]*)?)/gm,
        ),
      ].map(([, command = '', rest = '']) => ({
        page,
        command,
        options: rest.match(/(?<= )--?[a-z][a-z-]*/g) ?? [],
      })),
    );
    expect(calls.length).toBeGreaterThan(0);
    for (const { page, command, options } of calls) {
      const text = helpOf(command);
      expect(text, `${page}: ferrule ${command}`).toContain(`Usage: ferrule ${command}`);
      for (const option of options) expect(text, `${page}: ferrule ${command} ${option}`).toContain(option);
    }
  });

  it('links only to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page} -> ${relative('.', target)}`),
    );
    expect(broken).toEqual([]);
  });
});
