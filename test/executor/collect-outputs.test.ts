import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { collectOutputs } from '../../executor/collect-outputs.ts';
import type { ComponentSpec, ExecutorInput, ExecutorOutput, ParameterType } from '../../spec/index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferrule-collect-'));
});

/** Collects from files by name: `output` is the executor output, the others are those of parameters. */
async function collect(
  types: Readonly<Record<string, ParameterType>>,
  files: Readonly<Record<string, string>>,
): Promise<ExecutorOutput> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const names = Object.keys(types);
  const component: ComponentSpec = {
    outputDefinitions: {
      parameters: Object.fromEntries(
        Object.entries(types).map(([name, parameterType]) => [name, { parameterType }]),
      ),
      artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } },
    },
  };
  const input: ExecutorInput = {
    inputs: {},
    outputs: {
      parameters: Object.fromEntries(names.map((name) => [name, { outputFile: join(folder, name) }])),
      outputFile: join(folder, 'output'),
    },
  };
  return collectOutputs(component, input);
}

describe('outputs that a container wrote', () => {
  it.each<[ParameterType, string, unknown]>([
    ['STRING', ' as it is\n', ' as it is\n'],
    ['STRING', '', ''],
    ['NUMBER_INTEGER', '7\n', 7],
    ['NUMBER_INTEGER', '7.0', 7],
    ['NUMBER_DOUBLE', '0.5', 0.5],
    ['BOOLEAN', 'True\n', true],
    ['BOOLEAN', 'false', false],
    ['LIST', '[1, "a"]', [1, 'a']],
    ['STRUCT', '{"a": [1]}', { a: [1] }],
  ])('are read from the file of a parameter of type %s: %j', async (type, text, value) => {
    expect(await collect({ p: type }, { p: text })).toEqual({ parameterValues: { p: value } });
  });

  it.each<[ParameterType, string]>([
    ['NUMBER_INTEGER', '7.5'],
    ['NUMBER_INTEGER', ''],
    ['NUMBER_DOUBLE', '0,5'],
    ['NUMBER_DOUBLE', '"1"'],
    ['BOOLEAN', 'yes'],
    ['LIST', '{}'],
    ['STRUCT', "{'a': 1}"],
  ])('are refused where the file of a %s holds %j', async (type, text) => {
    await expect(collect({ p: type }, { p: text })).rejects.toMatchObject({
      code: 'FER6018',
      problem: expect.stringContaining('"p"') as unknown,
    });
  });

  it('come from the executor output first, and only those that are declared', async () => {
    const output = {
      parameterValues: { p: 'from output', undeclared: 1 },
      artifacts: {
        model: {
          artifacts: [{ name: 'm', uri: '/x', metadata: { a: 1 }, custom_path: '/elsewhere', type: {} }],
        },
        other: { artifacts: [] },
      },
    };
    expect(
      await collect({ p: 'STRING', q: 'STRING' }, { output: JSON.stringify(output), p: 'from file', q: 'q' }),
    ).toEqual({
      parameterValues: { p: 'from output', q: 'q' },
      artifacts: {
        model: { artifacts: [{ name: 'm', uri: '/x', metadata: { a: 1 }, customPath: '/elsewhere' }] },
      },
    });
  });

  it('may be left to files alone: an empty executor output is none', async () => {
    expect(await collect({ p: 'STRING' }, { output: '\n', p: 'q' })).toEqual({ parameterValues: { p: 'q' } });
  });

  it('are missed by name', async () => {
    await expect(collect({ p: 'STRING' }, {})).rejects.toMatchObject({
      code: 'FER6004',
      problem: 'the container declares the output parameter "p", and wrote no value for it',
    });
  });

  it.each([
    ['{', 'JSON'],
    ['[]', 'no object'],
    ['{"parameterValues": []}', 'parameterValues'],
    ['{"artifacts": {"model": {"artifacts": {}}}}', 'artifacts.model'],
    ['{"artifacts": {"model": {"artifacts": [1]}}}', 'artifacts.model'],
    ['{"artifacts": {"model": {"artifacts": [{"metadata": "x"}]}}}', 'metadata'],
  ])('are refused where the executor output does not read: %s', async (output, words) => {
    await expect(collect({}, { output })).rejects.toMatchObject({
      code: 'FER6018',
      problem: expect.stringContaining(words) as unknown,
    });
  });

  it('are refused where a folder lies in the place of a file', async () => {
    await mkdir(join(folder, 'p'));
    await expect(collect({ p: 'STRING' }, {})).rejects.toMatchObject({
      code: 'FER6018',
      problem: expect.stringContaining('EISDIR') as unknown,
    });
  });
});
