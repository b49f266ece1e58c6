/** What goes into a component, and what comes out. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

export function dataContract(bench: () => Bench): void {
  describe('inputs and outputs', () => {
    it('gives a bare return value as Output', async () => {
      const { outcome } = await bench().run('({ a, b }) => a + b', {
        parameters: { a: 3, b: 4 },
        returns: { Output: 'NUMBER_INTEGER' },
      });
      expect(outcome).toEqual({ kind: 'succeeded', output: { parameterValues: { Output: 7 } } });
    });

    it('gives the declared fields of a returned object, and leaves out the others', async () => {
      const { outcome } = await bench().run(
        'async () => ({ text: "x", list: [1, 2.5], deep: { ok: true }, more: 1 })',
        {
          returns: { text: 'STRING', list: 'LIST', deep: 'STRUCT' },
        },
      );
      expect(outcome).toEqual({
        kind: 'succeeded',
        output: { parameterValues: { text: 'x', list: [1, 2.5], deep: { ok: true } } },
      });
    });

    it('lets defaults apply to optional inputs that were not given', async () => {
      const { outcome } = await bench().run(
        '({ a = 5, b = "none", data }) => `${a} ${b} ${data === undefined}`',
        {
          parameters: { b: null },
          artifacts: { data: [] },
          returns: { Output: 'STRING' },
        },
      );
      expect(outcome).toMatchObject({ output: { parameterValues: { Output: '5 none true' } } });
    });

    it('keeps whole numbers whole, also inside lists and objects', async () => {
      const { outcome } = await bench().run(
        '({ n, list, o }) => [n, ...list, o.k].map((x) => `${x}:${Number.isInteger(x)}`).join(" ")',
        {
          parameters: { n: 9007199254740991, list: [1, 2], o: { k: 3 } },
          returns: { Output: 'STRING' },
        },
      );
      expect(outcome).toMatchObject({
        output: { parameterValues: { Output: '9007199254740991:true 1:true 2:true 3:true' } },
      });
    });

    it('gives input artifacts by path with metadata, and a list of one as a list', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ferrule-inputs-'));
      const file = join(folder, 'a.txt');
      await writeFile(file, 'content');
      const { outcome } = await bench().run(
        `({ one, many, several }) => [
            readFileSync(one.path, 'utf8'), one.metadata.from, one.name,
            many.length, many[0].path === one.path, several.length].join(' ')`,
        {
          artifacts: { one: [file], many: [file], several: [file, file] },
          lists: ['many'],
          returns: { Output: 'STRING' },
        },
        `import { readFileSync } from 'node:fs';`,
      );
      expect(outcome).toMatchObject({
        output: { parameterValues: { Output: 'content test one 1 true 2' } },
      });
    });

    it('keeps what a component writes to an output artifact, and its metadata', async () => {
      const { outcome, read } = await bench().run(
        `async (_, out) => {
            await mkdir(out.folder.path); await writeFile(out.folder.path + '/x', 'in a folder');
            await writeFile(out.file.path, 'in a file');
            out.file.metadata.rows = 3; out.metrics.log('accuracy', 0.5);
          }`,
        { outputs: { folder: 'system.Dataset', file: 'system.Model', metrics: 'system.Metrics' } },
        `import { mkdir, writeFile } from 'node:fs/promises';`,
      );
      expect(outcome).toMatchObject({
        kind: 'succeeded',
        output: {
          artifacts: {
            file: { artifacts: [{ name: 'file', metadata: { rows: 3 } }] },
            metrics: { artifacts: [{ metadata: { accuracy: 0.5 } }] },
          },
        },
      });
      expect(await read('folder', 'x')).toBe('in a folder');
      expect(await read('file')).toBe('in a file');
    });

    it('gives assets that travel with the code', async () => {
      const { outcome } = await bench().run(
        `() => readFileSync(asset('../../words/list.txt', import.meta.url), 'utf8')`,
        { returns: { Output: 'STRING' } },
        `import { readFileSync } from 'node:fs';`,
        { 'list.txt': 'from an asset' },
      );
      expect(outcome).toMatchObject({ output: { parameterValues: { Output: 'from an asset' } } });
    });

    it('gives a scratch folder that is gone afterwards, and the name of the task', async () => {
      const { outcome } = await bench().run(
        `(_, __, { scratch, taskName }) => { writeFileSync(scratch + '/x', ''); return { scratch, taskName }; }`,
        { returns: { scratch: 'STRING', taskName: 'STRING' } },
        `import { writeFileSync } from 'node:fs';`,
      );
      const values = outcome.kind === 'succeeded' ? outcome.output.parameterValues : undefined;
      expect(values?.['taskName']).toBe('test-task');
      await expect(readFile(join(JSON.stringify(values?.['scratch']).slice(1, -1), 'x'))).rejects.toThrow(
        /ENOENT/,
      );
    });
  });

  describe('outputs that are not as declared', () => {
    it('refuses a missing output parameter', async () => {
      const failure = await bench().failureOf('() => ({ a: 1 })', {
        returns: { a: 'NUMBER_INTEGER', b: 'NUMBER_INTEGER' },
      });
      expect(failure).toMatchObject({ code: 'FER6004', kind: 'user' });
      expect(failure.problem).toBe('the component declares the output parameter "b", and returned { a }');
    });

    it.each([
      ['STRING', '1'],
      ['NUMBER_INTEGER', '1.5'],
      ['NUMBER_INTEGER', '2 ** 53'],
      ['NUMBER_DOUBLE', '"1"'],
      ['NUMBER_DOUBLE', 'NaN'],
      ['BOOLEAN', '0'],
      ['LIST', '"[]"'],
      ['LIST', 'new Float32Array(2)'],
      ['STRUCT', '[]'],
      ['STRUCT', 'new Map()'],
      ['NUMBER_INTEGER', '10n'],
    ] as const)('refuses, for an output parameter of type %s, %s', async (type, value) => {
      const failure = await bench().failureOf(`() => ({ x: ${value} })`, { returns: { x: type } });
      expect(failure.code).toBe('FER6004');
      expect(failure.problem).toContain('the output parameter "x" is');
    });

    it('refuses an output artifact that was not written, metrics aside', async () => {
      const failure = await bench().failureOf('() => {}', {
        outputs: { metrics: 'system.Metrics', model: 'system.Model' },
      });
      expect(failure.code).toBe('FER6005');
      expect(failure.problem).toContain('"model"');
      expect(failure.fix).toContain('out.model.path');
    });

    it('refuses metadata that is no JSON', async () => {
      const failure = await bench().failureOf('(_, out) => { out.m.metadata.x = 1 / 0; }', {
        outputs: { m: 'system.Metrics' },
      });
      expect(failure.code).toBe('FER6004');
      expect(failure.problem).toContain('at .x is Infinity');
    });
  });
}
