import { expect, test } from 'vitest';
import { UserError, UserErrors } from '../../errors/index.ts';
import { checkParameters, readParameterText, type JsonValue, type PipelineSpec } from '../../spec/index.ts';

const spec: PipelineSpec = {
  pipelineInfo: { name: 'p' },
  deploymentSpec: {},
  root: {
    inputDefinitions: {
      parameters: {
        text: { parameterType: 'STRING', defaultValue: 'x', isOptional: true },
        whole: { parameterType: 'NUMBER_INTEGER', defaultValue: 3, isOptional: true },
        rate: { parameterType: 'NUMBER_DOUBLE', isOptional: true },
        flag: { parameterType: 'BOOLEAN', defaultValue: false, isOptional: true },
        list: { parameterType: 'LIST', defaultValue: [], isOptional: true },
        struct: { parameterType: 'STRUCT', defaultValue: {}, isOptional: true },
        needed: { parameterType: 'STRING' },
      },
    },
  },
  schemaVersion: '2.1.0',
};

function faultsOf(given: Record<string, JsonValue>): string[] {
  try {
    checkParameters(spec, { needed: 'y', ...given });
  } catch (error) {
    if (error instanceof UserErrors) return error.errors.map(({ code, problem }) => `${code} ${problem}`);
    throw error;
  }
  return [];
}

test('defaults are filled in, and an optional parameter without one stays away', () => {
  expect(checkParameters(spec, { needed: 'y', whole: 4 })).toEqual({
    text: 'x',
    whole: 4,
    flag: false,
    list: [],
    struct: {},
    needed: 'y',
  });
});

test.each<[string, JsonValue]>([
  ['text', 3],
  ['text', null],
  ['whole', 0.5],
  ['whole', '3'],
  ['whole', 2 ** 53],
  ['rate', '0.5'],
  ['flag', 'true'],
  ['flag', 1],
  ['list', {}],
  ['list', 'a'],
  ['struct', []],
  ['struct', null],
])('%s does not take %j', (name, value) => {
  expect(faultsOf({ [name]: value })).toEqual([
    expect.stringMatching(`^FER3003 the parameter "${name}" takes `),
  ]);
});

test('all faults are told at once', () => {
  expect(() => checkParameters(spec, { text: 1, nope: 2 })).toThrow(UserErrors);
  expect(faultsOf({ text: 1, nope: 2, whole: 'x' })).toEqual([
    'FER3004 the pipeline has no parameter "nope"',
    'FER3003 the parameter "text" takes a text: 1 is a number',
    'FER3003 the parameter "whole" takes a whole number within ±2^53: "x" is a text',
  ]);
});

test('a value may be written as text: a STRING as it is, anything else as JSON', () => {
  expect(readParameterText(spec, 'text', '3')).toBe('3');
  expect(readParameterText(spec, 'whole', '3')).toBe(3);
  expect(readParameterText(spec, 'whole', '1e3')).toBe(1000);
  expect(readParameterText(spec, 'flag', 'true')).toBe(true);
  expect(readParameterText(spec, 'list', '["a"]')).toEqual(['a']);
  expect(() => readParameterText(spec, 'whole', '3.5')).toThrow(UserError);
  expect(() => readParameterText(spec, 'list', 'a,b')).toThrow(UserError);
  expect(() => readParameterText(spec, '__proto__', 'a')).toThrow(UserError);
});
