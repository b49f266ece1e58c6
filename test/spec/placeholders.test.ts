import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveContainer, type ContainerSpec, type ExecutorInput } from '../../spec/index.ts';
import { numberText } from '../../spec/placeholders/value-text.ts';
import { kfpPython } from '../counterparts.ts';

const input: ExecutorInput = {
  inputs: {
    parameterValues: {
      text: 'a "quoted" $text',
      n: 10,
      x: 0.5,
      tiny: 1e-7,
      huge: 1e21,
      yes: true,
      list: [1, 'b'],
      object: { k: 1 },
      nothing: null,
      empty: '',
      nested: "{{$.inputs.parameters['text']}}",
      'pipelinechannel--cpu': '2',
      'pipelinechannel--image': 'python:3.12',
    },
    artifacts: {
      data: {
        artifacts: [
          { name: 'data', uri: 's3://bucket/data', metadata: { rows: 3, of: { a: 1 } } },
          { name: 'second', uri: 's3://bucket/second' },
        ],
      },
      none: { artifacts: [] },
    },
  },
  outputs: {
    parameters: { p: { outputFile: '/tmp/kfp/outputs/p' } },
    artifacts: { model: { artifacts: [{ name: 'model', uri: 'gs://bucket/model' }] } },
    outputFile: '/gcs/bucket/output_metadata.json',
  },
};
const facts = { runId: 'run-1', task: 'inner/train', startedAt: '2026-01-02T03:04:05.000Z' };

/** Resolves the items of a command. */
function items(...command: string[]): readonly string[] {
  return resolveContainer({ image: 'i', command }, input, facts).command;
}

describe('placeholders in a text', () => {
  it.each([
    ["{{$.inputs.parameters['text']}}", 'a "quoted" $text'],
    ['{{$.inputs.parameters["n"]}}', '10'],
    ["{{$.inputs.parameters['x']}}", '0.5'],
    ["{{$.inputs.parameters['tiny']}}", '0.0000001'],
    ["{{$.inputs.parameters['huge']}}", '1000000000000000000000'],
    ["{{$.inputs.parameters['yes']}}", 'true'],
    ["{{$.inputs.parameters['list']}}", '[1,"b"]'],
    ["{{$.inputs.parameters['object']}}", '{"k":1}'],
    ["--n={{$.inputs.parameters['n']}},{{$.inputs.parameters['n']}}", '--n=10,10'],
    ["{{$.inputs.artifacts['data'].uri}}", 's3://bucket/data'],
    ["{{$.inputs.artifacts['data'].path}}", '/s3/bucket/data'],
    ["{{$.inputs.artifacts['data'].name}}", 'data'],
    ["{{$.inputs.artifacts['data'].metadata}}", '{"rows":3,"of":{"a":1}}'],
    ["{{$.inputs.artifacts['data'].metadata['rows']}}", '3'],
    ["{{$.inputs.artifacts['data'].metadata['of']}}", '{"a":1}'],
    ["{{$.inputs.artifacts['data']}}", JSON.stringify(input.inputs.artifacts?.['data'])],
    ["{{$.outputs.artifacts['model'].uri}}", 'gs://bucket/model'],
    ["{{$.outputs.artifacts['model'].path}}", '/gcs/bucket/model'],
    ["{{$.outputs.parameters['p'].output_file}}", '/tmp/kfp/outputs/p'],
    ['{{$.outputs.output_file}}', '/gcs/bucket/output_metadata.json'],
    ['{{$}}', JSON.stringify(input)],
    ['{{$.pipeline_job_name}}', 'run-1'],
    ['{{$.pipeline_job_uuid}}', 'run-1'],
    ['{{$.pipeline_task_name}}', 'train'],
    ['{{$.pipeline_task_uuid}}', 'run-1-inner-train'],
    ['{{$.pipeline_job_create_time_utc}}', '2026-01-02T03:04:05.000Z'],
  ])('%s', (written, meant) => {
    expect(items(`<${written}>`)).toEqual([`<${meant}>`]);
  });

  it('name the loop, where the task is a turn of one', () => {
    const container = { image: 'i', command: ['{{$.pipeline_task_name}} {{$.pipeline_task_uuid}}'] };
    const turn = { ...facts, task: 'inner/each/3' };
    expect(resolveContainer(container, input, turn).command).toEqual(['each run-1-inner-each-3']);
  });

  it('are not looked for in values', () => {
    expect(items("{{$.inputs.parameters['nested']}}")).toEqual(["{{$.inputs.parameters['text']}}"]);
  });

  it.each([
    ["{{$.inputs.parameters['absent']}}", "the task's input parameters are text, n"],
    ["{{$.inputs.parameters['nothing']}}", 'input parameters'],
    ["{{$.inputs.artifacts['none'].uri}}", "the task's input artifacts are data, none"],
    ["{{$.inputs.artifacts['data'].metadata['absent']}}", 'stands for nothing'],
    ["{{$.outputs.parameters['p']}}", 'output parameters are p'],
    ['{{$.input.text}}', 'stands for nothing here'],
    ['{{$.pipeline_root}}', 'stands for nothing here'],
    ['{{$.workspace_path}}', 'stands for nothing here'],
  ])('that stand for nothing are refused by name: %s', (written, words) => {
    expect(() => items(`a ${written} b`)).toThrow(
      expect.objectContaining({ code: 'FER3006', message: expect.stringContaining(words) as unknown }),
    );
    expect(() => items(written)).toThrow(written);
  });

  it('of other languages stay as they are', () => {
    const template = '{{$x := .items}}{{ $.items }} {{name}} ${{ github.ref }} {{}}';
    expect(items(template)).toEqual([template]);
  });

  it('that nobody knows stay as they are in the text of a program', () => {
    const program = 'def f():\n    """See {{$.somewhere}}."""';
    expect(items(program)).toEqual([program]);
    expect(() => items("echo\n{{$.inputs.parameters['absent']}}")).toThrow('absent');
  });

  it('write every number in full', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = numberText(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

const ifPresent = (name: string, then: unknown, otherwise?: unknown): object => ({
  IfPresent: { InputName: name, Then: then, ...(otherwise !== undefined && { Else: otherwise }) },
});

describe('structures in a command', () => {
  it.each<[string, object, readonly string[]]>([
    [
      'an input that is there',
      ifPresent('n', ['--n', "{{$.inputs.parameters['n']}}"], ['--none']),
      ['--n', '10'],
    ],
    ['an artifact that is there', ifPresent('data', 'yes', 'no'), ['yes']],
    ['an empty text, which is there', ifPresent('empty', 'yes', 'no'), ['yes']],
    ['an input that is not there', ifPresent('absent', ['--n'], ['--none', 'x']), ['--none', 'x']],
    ['null, which is not there', ifPresent('nothing', 'yes', 'no'), ['no']],
    ['a list without artifacts, which is not there', ifPresent('none', 'yes', 'no'), ['no']],
    ['no Else', ifPresent('absent', ['--n']), []],
    ['one inside the other', ifPresent('n', ifPresent('absent', 'a', ['b', 'c'])), ['b', 'c']],
    ['a Concat', { Concat: ['a-', "{{$.inputs.parameters['text']}}", '-b'] }, ['a-a "quoted" $text-b']],
    ['a Concat of a part that is not there', { Concat: ['a', ifPresent('absent', 'b'), 'c'] }, ['ac']],
    ['a Concat inside a branch', ifPresent('n', ['--n', { Concat: ['=', 'x'] }]), ['--n', '=x']],
    ['an empty Concat', { Concat: [] }, ['']],
  ])('%s', (_, struct, expected) => {
    expect(items('before', JSON.stringify(struct), 'after')).toEqual(['before', ...expected, 'after']);
  });

  it.each([
    ['an IfPresent without a name', { IfPresent: { Then: 'a' } }],
    ['a branch that is a number', ifPresent('n', 1)],
    ['a Concat that is no list', { Concat: 'a' }],
  ])('are refused where they do not read: %s', (_, struct) => {
    expect(() => items(JSON.stringify(struct))).toThrow(expect.objectContaining({ code: 'FER3006' }));
  });

  it('are told from JSON that is data', () => {
    const data = ['{"IfPresent": ', '{"a": 1}', '{"Concat": [], "more": 1}', '{"x": {"Concat": []}}', '[]'];
    expect(items(...data)).toEqual(data);
  });
});

describe('the rest of a container', () => {
  it('has its image, environment and resources resolved', () => {
    const container: ContainerSpec = {
      image: "{{$.inputs.parameters['pipelinechannel--image']}}",
      env: [{ name: 'N', value: "{{$.inputs.parameters['n']}}" }, { name: 'EMPTY' }],
      resources: {
        cpuLimit: 1,
        resourceCpuLimit: "{{$.inputs.parameters['pipelinechannel--cpu']}}",
        cpuRequest: 0.25,
        memoryLimit: 0.536870912,
        resourceMemoryRequest: "{{$.inputs.parameters['empty']}}",
        memoryRequest: 1.5,
        accelerator: { type: 'nvidia.com/gpu', count: '2', resourceType: 'amd.com/gpu' },
      },
    };
    expect(resolveContainer(container, input, facts)).toEqual({
      image: 'python:3.12',
      command: [],
      args: [],
      env: [
        { name: 'N', value: '10' },
        { name: 'EMPTY', value: '' },
      ],
      resources: {
        cpuLimit: '2',
        cpuRequest: '0.25',
        memoryLimit: '536870912',
        memoryRequest: '1500000000',
        accelerator: { type: 'amd.com/gpu', count: '2' },
      },
    });
  });

  it('asks for nothing where the spec does not, or asks for none', () => {
    expect(resolveContainer({ image: 'i' }, input, facts).resources).toEqual({});
    const none = { image: 'i', resources: { accelerator: { type: 'nvidia.com/gpu', count: '0' } } };
    expect(resolveContainer(none, input, facts).resources).toEqual({});
  });
});

describe.skipIf(kfpPython === undefined)("KFP's own resolver", () => {
  it('makes the same command of structures and of texts in them', () => {
    const struct = fc.letrec((tie) => ({
      text: fc.constantFrom(
        'a',
        "{{$.inputs.parameters['text']}}",
        "-{{$.inputs.artifacts['data'].uri}}-",
        '',
      ),
      one: fc.oneof({ maxDepth: 3 }, tie('text'), tie('concat'), tie('ifOne')),
      concat: fc.record({ Concat: fc.array(tie('one'), { maxLength: 3 }) }),
      ifOne: fc
        .tuple(fc.constantFrom('n', 'data', 'absent', 'nothing'), tie('one'), tie('one'))
        .map(([name, then, otherwise]) => ifPresent(name, then, otherwise)),
      item: fc
        .tuple(fc.constantFrom('n', 'absent'), fc.array(tie('one'), { maxLength: 3 }))
        .map(([name, then]) => ifPresent(name, then)),
    }));
    const commands = fc.sample(fc.oneof(struct.concat, struct.ifOne, struct.item), { numRuns: 300, seed: 1 });
    // KFP recognises them by the blank that Python's json.dumps puts after a colon.
    const written = commands.map((command) => JSON.stringify(command).replace(/^\{"(\w+)":/, '{"$1": '));
    const program = `
import json, sys
from kfp.local.placeholder_utils import replace_placeholders
given = json.load(sys.stdin)
print(json.dumps([replace_placeholders([c], given['input'], 'p', 't', 'r', 'i') for c in given['commands']]))`;
    const { stdout, stderr } = spawnSync(kfpPython ?? '', ['-c', program], {
      input: JSON.stringify({ input, commands: written }),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(stderr).not.toContain('Traceback');
    expect(written.map((command) => items(command))).toEqual(JSON.parse(stdout));
  });
});
