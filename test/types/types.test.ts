import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const cases = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
);

/** Type-checks a file by itself, with the SDK of this checkout, and lists its errors as `line: message`. */
function typeErrors(text: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'ferrule-types-'));
  writeFileSync(path.join(folder, 'wiring.ts'), text);
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules', '@types')],
    paths: { ferrule: [path.join(root, 'sdk', 'index.ts')] },
  };
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['wiring.ts'] }),
  );
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const tsc = path.join(root, 'node_modules', 'tsgo', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: folder,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, number, message] = /^wiring\.ts\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
    return number === undefined ? [] : [`${number}: ${message ?? ''}`];
  });
}

describe.each(cases)('%s', (name) => {
  const source = readFileSync(path.join(import.meta.dirname, name), 'utf8');

  test('every wrong use is refused, and nothing else is', () => {
    expect(typeErrors(source)).toEqual([]);
  });

  test('each of at least a dozen wrong uses is an error of its own, at its line', () => {
    const lines = source.split('\n');
    const expected = lines.flatMap((line, index) => (line.includes('@ts-expect-error') ? [index + 2] : []));
    expect(expected.length).toBeGreaterThanOrEqual(12);
    const bare = lines.map((line) => (line.includes('@ts-expect-error') ? '' : line)).join('\n');
    const errors = typeErrors(bare);
    expect([...new Set(errors.map((error) => Number(error.split(':')[0])))]).toEqual(expected);
    const messages = errors.map((error) => error.replace(/^\d+: /, '')).join('\n');
    const golden = path.join(import.meta.dirname, 'goldens', name.replace(/\.ts$/, '.txt'));
    if (!existsSync(golden) && process.env['FERRULE_WRITE_GOLDENS'] === '1')
      writeFileSync(golden, `${messages}\n`);
    expect(`${messages}\n`).toBe(readFileSync(golden, 'utf8'));
  });
});
