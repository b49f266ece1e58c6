import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compilePipeline } from '../../compiler/index.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';

const folder = import.meta.dirname;
const root = path.join(folder, '..', '..');
const alone = {
  flagship: path.join(root, 'pipeline.ts'),
  lightweight: path.join(root, 'examples', 'words', 'pipeline.ts'),
};
const cases = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'pipeline.py')));

describe.skipIf(kfpPython === undefined)('the same pipeline in Python, compiled by the real KFP', () => {
  let differences: Record<string, string> = {};
  const refused: Record<string, string> = {};

  beforeAll(async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'ferrule-twins-'));
    const requests: object[] = [];
    const twins = cases.map((name) => ({
      name,
      file: path.join(folder, name, 'pipeline.ts'),
      python: path.join(folder, name, 'pipeline.py'),
    }));
    const others = Object.entries(alone).map(([name, file]) => ({ name, file, python: null }));
    for (const { name, file, python: twin } of [...twins, ...others]) {
      try {
        const { compiled } = await compilePipeline({
          file,
          projectRoot: root,
          cacheFolder: path.join(scratch, 'cache'),
          env: {},
        });
        const document = path.join(scratch, `${name}.yaml`);
        writeFileSync(document, writePipelineYaml(compiled));
        requests.push({ name, python: twin, document });
      } catch (error) {
        refused[name] = String(error); // one broken case must not hide the others
      }
    }
    const output = execFileSync(kfpPython ?? '', [path.join(folder, 'compare.py')], {
      input: JSON.stringify(requests),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    differences = { ...(JSON.parse(output) as Record<string, string>), ...refused };
  }, 300_000);

  test.each(cases)('%s is the same message', (name) => {
    expect(differences[name]).toBe('');
  });

  test.each(Object.keys(alone))('%s, which has no twin, parses strictly', (name) => {
    expect(differences[name]).toBe('');
  });

  test('there are enough of them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(90);
  });
});
