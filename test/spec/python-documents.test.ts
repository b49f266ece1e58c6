/** What Python compiles of the twins, and of the pipelines in corpus/, is read without a fault, and written as the same messages. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { messageOf } from '../../errors/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';
import { compileInPython, differencesOf } from './oracle.ts';

const twins = path.join(import.meta.dirname, '..', 'twins');
const corpus = path.join(import.meta.dirname, 'corpus');
const sources: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...readdirSync(twins).map((name) => [name, path.join(twins, name, 'pipeline.py')] as const),
    ...readdirSync(corpus).map(
      (file) => [`corpus-${path.parse(file).name}`, path.join(corpus, file)] as const,
    ),
  ].filter(([, file]) => file.endsWith('.py') && existsSync(file)),
);
const names = Object.keys(sources);

describe.skipIf(kfpPython === undefined)('a document that Python compiled', () => {
  const results = new Map<string, string>();

  beforeAll(() => {
    const { folder, errors } = compileInPython(sources);
    const pairs = names.flatMap((name): (readonly [string, string, string])[] => {
      if (errors[name] !== '') {
        results.set(name, errors[name] ?? '');
        return [];
      }
      const file = path.join(folder, `${name}.yaml`);
      const again = path.join(folder, `${name}-again.yaml`);
      try {
        writeFileSync(
          again,
          writePipelineYaml(readPipelineDocument(readFileSync(file, 'utf8'), `${name}.yaml`)),
        );
        return [[name, file, again]];
      } catch (error) {
        results.set(name, messageOf(error));
        return [];
      }
    });
    const differences = differencesOf(pairs.map(([, file, again]) => [file, again]));
    for (const [index, [name]] of pairs.entries()) results.set(name, differences[index] ?? 'not compared');
  });

  test.each(names)('%s is read, and written as the same messages', (name) => {
    expect(results.get(name)).toBe('');
  });
});
