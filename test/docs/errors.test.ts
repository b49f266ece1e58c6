import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../errors/index.ts';

const root = resolve(import.meta.dirname, '..', '..');

const chapters: Readonly<Record<string, string>> = {
  1: 'The command line and settings',
  2: "A pipeline's source",
  3: 'Specs and parameters',
  4: 'Planning and running',
  5: 'Stores, the cache and outside data',
  6: 'Components and the runner',
  7: 'ONNX graphs and training',
  8: 'Remote services',
  9: 'The server',
};

function page(): string {
  const lines = [
    '# Errors',
    '',
    'Every error has a code, says what is wrong, how to fix it, and where. This page lists the codes.',
  ];
  for (const [digit, title] of Object.entries(chapters)) {
    lines.push('', `## FER${digit}xxx: ${title}`, '', '| code | stands for |', '|---|---|');
    for (const [code, meaning] of Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (code.startsWith(`FER${digit}`)) lines.push(`| ${code} | ${meaning} |`);
  }
  return `${lines.join('\n')}\n`;
}

describe('the catalogue of errors', () => {
  it('is the page docs/errors.md', async () => {
    await expect(page()).toMatchFileSnapshot(join(root, 'docs', 'errors.md'));
  });

  it('holds no code that nothing uses, and no two codes for the same thing', () => {
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .filter((file) => file !== '' && !file.startsWith('errors/codes/') && !file.startsWith('test/'));
    const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    expect(Object.keys(catalogue).filter((code) => !source.includes(`'${code}'`))).toEqual([]);
    expect(new Set(Object.values(catalogue)).size).toBe(Object.keys(catalogue).length);
  });
});
