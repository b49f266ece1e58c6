import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readParameters } from '../../cli/parameters.ts';
import { UserErrors } from '../../errors/index.ts';
import type { PipelineSpec } from '../../spec/pipeline-spec.ts';

const spec: PipelineSpec = {
  pipelineInfo: { name: 'p' },
  deploymentSpec: {},
  schemaVersion: '2.1.0',
  root: {
    dag: {},
    inputDefinitions: {
      parameters: {
        text: { parameterType: 'STRING' },
        count: { parameterType: 'NUMBER_INTEGER' },
        rate: { parameterType: 'NUMBER_DOUBLE' },
        on: { parameterType: 'BOOLEAN' },
        items: { parameterType: 'LIST' },
        map: { parameterType: 'STRUCT' },
      },
    },
  },
};

const read = (...param: string[]): Promise<unknown> => readParameters(spec, { param });

describe('parameters on the command line', () => {
  it('are read as the type of their definition', async () => {
    expect(
      await read('text=12', 'count=12', 'rate=1e-3', 'on=false', 'items=[1,"a"]', 'map={"k":1}'),
    ).toEqual({
      text: '12',
      count: 12,
      rate: 0.001,
      on: false,
      items: [1, 'a'],
      map: { k: 1 },
    });
  });

  it('keep everything behind the first equals sign', async () => {
    expect(await read('text=a=b=c')).toEqual({ text: 'a=b=c' });
    expect(await read('text=')).toEqual({ text: '' });
  });

  it.each([
    ['count=1.5', 'a whole number'],
    ['count=9007199254740993', 'a whole number'],
    ['count=', 'a whole number'],
    ['rate=fast', 'a number'],
    ['rate=Infinity', 'a number'],
    ['on=yes', 'true or false'],
    ['items={"a":1}', 'a list'],
    ['map=[1]', 'an object'],
    ['map=null', 'an object'],
    ['text', 'has no value'],
    ['cuont=3', 'no parameter "cuont"'],
    ['__proto__=3', 'no parameter "__proto__"'],
  ])('refuse %s', async (text, words) => {
    await expect(read(text)).rejects.toThrow(words);
  });

  it('are refused all in one go', async () => {
    const error = await read('count=x', 'on=y').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserErrors);
    expect(error).toHaveProperty('errors.length', 2);
  });

  it('win over those of a file, which may be JSON or YAML', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-params-'));
    const yaml = join(folder, 'params.yaml');
    writeFileSync(yaml, 'count: 3\ntext: "7"\n');
    expect(await readParameters(spec, { param: ['count=4'], params: yaml })).toEqual({ count: 4, text: '7' });
    const list = join(folder, 'params.json');
    writeFileSync(list, '[1]');
    await expect(readParameters(spec, { param: [], params: list })).rejects.toThrow('one field a parameter');
    await expect(readParameters(spec, { param: [], params: join(folder, 'none.yaml') })).rejects.toThrow(
      'cannot be read',
    );
  });
});
