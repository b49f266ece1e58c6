import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserErrors } from '../../errors/index.ts';
import type { JsonValue, PipelineSpec } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';

/** A pipeline whose one parameter has a default; any JSON value may stand there. */
function pipelineWith(value: JsonValue): PipelineSpec {
  return {
    pipelineInfo: { name: 'p' },
    deploymentSpec: {},
    root: {
      dag: {},
      inputDefinitions: { parameters: { value: { parameterType: 'STRUCT', defaultValue: value } } },
    },
    schemaVersion: '2.1.0',
  };
}

function valueOf(spec: PipelineSpec): JsonValue | undefined {
  return spec.root.inputDefinitions?.parameters?.['value']?.defaultValue;
}

const tricky = [
  '', ' ', 'yes', 'No', 'on', 'off', 'y', 'n', 'Y', 'true', 'null', '~', '=', '<<', '1', '1.0', '1e3', '0x1f', '0o7', '017',
  '1_000', '1:30', '2020-01-01', '.5', '1.', '+1', '.inf', '-.INF', '.nan', '- a', '* a', '& a', '% a', '@a', '`a', '!a', 'a: b',
  'a #b', '# a', ' a', 'a ', '\ta', 'a\nb', '\n', 'a\r\nb', '"', "'", '\\', '{{$}}', '{a', '[a', '---', '...', '?', '? a', ':', '|',
  '>', '日本', 'é', '🦉', '\u0000', '\u0007', '\u007f', '\u0085', '\u00a0', '\u2028', '\u2029', '\ufeff', '\uffff', 'a'.repeat(300),
  'fErRuLe', '-', '--', '-1', 'e', '12e03', '__proto__', 'constructor',
]; // prettier-ignore
const values: JsonValue = {
  texts: tricky,
  keys: Object.fromEntries(tricky.filter((text) => text !== '__proto__').map((text) => [text, 1])),
  numbers: [0, 1, -1, 0.1, 1e21, 1e-7, 1.5e300, 5e-324, 2 ** 53 - 1, -(2 ** 53)],
  rest: [true, false, null, [], {}, [[]], [{}], [[1], [[2]]], [{ a: [{ b: [] }] }]],
};

test('what is written reads back the same', () => {
  const text = writePipelineYaml({ spec: pipelineWith(values) });
  expect(valueOf(readPipelineDocument(text, 'p.yaml').spec)).toEqual(values);
});

test('any JSON value reads back the same', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
      // JSON has no -0.
      const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
      const text = writePipelineYaml({ spec: pipelineWith(plain) });
      expect(valueOf(readPipelineDocument(text, 'p.yaml').spec)).toEqual(plain);
    }),
    { numRuns: 200 },
  );
});

test('keys are sorted, and the same pipeline gives the same bytes', () => {
  const [one, other] = [
    { b: 1, a: { d: 1, c: 2 } },
    { a: { c: 2, d: 1 }, b: 1 },
  ];
  expect(writePipelineYaml({ spec: pipelineWith(one) })).toBe(
    writePipelineYaml({ spec: pipelineWith(other) }),
  );
});

test('a platform spec is a second document', () => {
  const platform = {
    platforms: { kubernetes: { deploymentSpec: { executors: { e: { activeDeadlineSeconds: '5' } } } } },
  };
  const spec = { ...pipelineWith({}), deploymentSpec: { executors: { e: { container: { image: 'i' } } } } };
  const text = writePipelineYaml({ spec, platform });
  expect(text.split('\n---\n')).toHaveLength(2);
  expect(readPipelineDocument(text, 'p.yaml').platform).toEqual(platform);
});

describe.skipIf(kfpPython === undefined)('with PyYAML', () => {
  const run = (script: string, input: string): string =>
    execFileSync(kfpPython ?? '', ['-c', `import json, sys, yaml\n${script}`], {
      input,
      encoding: 'utf8',
    });

  test('PyYAML reads what is written for the same values', () => {
    const text = writePipelineYaml({ spec: pipelineWith(values) });
    const read = run('print(json.dumps(yaml.safe_load(sys.stdin.read())))', text);
    expect(valueOf(JSON.parse(read) as PipelineSpec)).toEqual(values);
  });

  test('what PyYAML writes reads for the same values', () => {
    const script = 'print(yaml.dump(json.load(sys.stdin), sort_keys=True))';
    const text = run(script, JSON.stringify(pipelineWith(values)));
    expect(valueOf(readPipelineDocument(text, 'p.yaml').spec)).toEqual(values);
  });
});

/** The faults of a document, one a line. */
function faultsOf(text: string, file = 'p.yaml'): string[] {
  try {
    readPipelineDocument(text, file);
  } catch (error) {
    if (error instanceof UserErrors)
      return error.errors.map(
        ({ code, at, problem }) => `${code} ${at?.line ?? '-'}:${at?.column ?? '-'} ${problem}`,
      );
    throw error;
  }
  return [];
}

const good = writePipelineYaml({
  spec: {
    pipelineInfo: { name: 'p' },
    deploymentSpec: { executors: { 'exec-a': { container: { image: 'i' } } } },
    components: { 'comp-a': { executorLabel: 'exec-a' } },
    root: {
      dag: {
        tasks: {
          a: { taskInfo: { name: 'a' }, componentRef: { name: 'comp-a' }, cachingOptions: {} },
          b: { taskInfo: { name: 'b' }, componentRef: { name: 'comp-a' }, dependentTasks: ['a'] },
        },
      },
    },
    schemaVersion: '2.1.0',
  },
});

test('a sound document has no faults, as YAML and as JSON', () => {
  expect(faultsOf(good)).toEqual([]);
  expect(faultsOf(JSON.stringify(readPipelineDocument(good, 'p.yaml').spec), 'p.json')).toEqual([]);
});

test('all faults are found in one go, each at its line', () => {
  const text = good
    .replace('image: i', 'image: 3')
    .replace('cachingOptions: {}', 'cachingOptions:\n          enableCach: yes')
    .replace('executorLabel:', 'executorLable:')
    .replace('  name: p', '  name: [p]');
  expect(faultsOf(text)).toEqual([
    'FER3002 3:5 components.comp-a has no field "executorLable"',
    'FER3002 8:16 deploymentSpec.executors.exec-a.container.image must be a text, not 3',
    'FER3002 10:9 pipelineInfo.name must be a text, not ["p"]',
    'FER3002 16:11 root.dag.tasks.a.cachingOptions has no field "enableCach"',
  ]);
});

test('a fault in JSON has its place too', () => {
  expect(
    faultsOf(
      '{\n  "pipelineInfo": 3,\n  "deploymentSpec": {},\n  "root": {},\n  "schemaVersion": "2.1.0"\n}',
      'p.json',
    ),
  ).toEqual(['FER3002 2:19 pipelineInfo must be a map, not 3']);
});

test('names that lead nowhere, and circles, are faults', () => {
  expect(faultsOf(good.replace('- a', '- c'))).toEqual(['FER3005 24:11 there is no task "c"']);
  expect(faultsOf(good.replace('executorLabel: exec-a', 'executorLabel: exec-b'))).toEqual([
    'FER3005 3:20 there is no executor "exec-b"',
  ]);
  expect(faultsOf(good.replace('name: comp-a', 'name: comp-b'))).toEqual([
    'FER3005 17:17 there is no component "comp-b"',
  ]);
  expect(faultsOf(good.replace('- a', '- b'))).toEqual([
    'FER3005 20:7 tasks wait for each other in a circle: b -> b',
  ]);
});

test.each([
  ['', 'FER3002 -:- the document is empty'],
  ['a: b: c', 'FER3001'],
  ['Dear Ann: hello: there', 'the document is not YAML'],
  ['a: 1\na: 2', 'FER3001'],
  ['just text', 'FER3002 1:1 the document must be a map'],
  [good.replace('"2.1.0"', '"2.0.0"'), 'FER3008 27:16 schemaVersion is 2.0.0'],
  [`${good}---\n{}\n`, 'FER3002 29:1 the document lacks the field "platforms"'],
  [`${good}---\nplatforms: {}\n---\na: 1\n`, 'FER3002 31:1 there are more than two documents'],
])('a malformed document is refused with its reason: %j', (text, fault) => {
  expect(faultsOf(text)[0]).toContain(fault);
});
