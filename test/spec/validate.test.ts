import { expect, test } from 'vitest';
import { validate } from '../../spec/validate.ts';

const problemsOf = (value: unknown, message: string): string[] =>
  validate(value, message).map(({ problem }) => problem);

test.each([
  ['ContainerSpec', { image: 3 }, 'image must be a text, not 3'],
  ['ContainerSpec', { image: null }, 'image must be a text, not null'],
  ['ContainerSpec', { image: 'i', args: 'a' }, 'args must be a list, not "a"'],
  ['ContainerSpec', { image: 'i', args: ['a', 1] }, 'args.1 must be a text, not 1'],
  ['ContainerSpec', { image: 'i', resources: [] }, 'resources must be a map, not []'],
  ['ContainerSpec', { image: 'i', lifecycle: 'x' }, 'lifecycle must be a map, not "x"'],
  ['ContainerSpec', { command: [] }, 'the document lacks the field "image"'],
  ['ContainerSpec', { image: 'i', env: [{ value: 'A' }] }, 'env.0 lacks the field "name"'],
  ['ContainerSpec', { image: 'i'.repeat(99), args: ['i'.repeat(99), ['i'.repeat(99)]] },
    `args.1 must be a text, not ["${'i'.repeat(55)}...`],
  ['ResourceSpec', { cpuLimit: '1' }, 'cpuLimit must be a number, not "1"'],
  ['ResourceSpec', { cpuLimit: Infinity }, 'cpuLimit must be a number, not Infinity'],
  ['AcceleratorSpec', { count: 1.5 }, 'count must be a whole number, not 1.5'],
  ['AcceleratorSpec', { count: 'one' }, 'count must be a whole number, not "one"'],
  ['CachingOptions', { enableCache: 'yes' }, 'enableCache must be true or false, not "yes"'],
  ['RetryPolicy', { maxRetryCount: 0.5 }, 'maxRetryCount must be a whole number within ±2^31, not 0.5'],
  ['RetryPolicy', { maxRetryCount: 2 ** 31 }, 'maxRetryCount must be a whole number within ±2^31, not 2147483648'],
  ['RetryPolicy', { backoffDuration: '5m' }, 'backoffDuration must be a duration such as 30s, not "5m"'],
  ['RetryPolicy', { backoffDuration: 5 }, 'backoffDuration must be a duration such as 30s, not 5'],
  ['TriggerPolicy', { strategy: 'NEVER' },
    'strategy must be one of TRIGGER_STRATEGY_UNSPECIFIED, ALL_UPSTREAM_TASKS_SUCCEEDED, ALL_UPSTREAM_TASKS_COMPLETED, not "NEVER"'],
  ['DagSpec', { tasks: [] }, 'tasks must be a map, not []'],
  ['DagSpec', { tasks: { a: 1 } }, 'tasks.a must be a map, not 1'],
  ['DagSpec', JSON.parse('{ "tasks": { "__proto__": 1 } }'), 'tasks has the key "__proto__", which cannot be a name'],
  ['ParameterItems', { raw: '[]', inputParameter: 'a' },
    'the document has raw and inputParameter, of which one alone may be set'],
])('%s %j is refused in words', (message, value, problem) => {
  expect(problemsOf(value, message)).toEqual([problem]);
}); // prettier-ignore

test.each([
  ['AcceleratorSpec', { count: 1 }],
  ['AcceleratorSpec', { count: '9007199254740993' }],
  ['RetryPolicy', { maxRetryCount: 3, backoffDuration: '1.5s', backoffFactor: 2 }],
  ['InputParameter', { parameterType: 'STRUCT', defaultValue: { constructor: [null, { __proto__: 1 }] } }],
  ['InputParameter', { defaultValue: null }],
  ['DagSpec', { tasks: { constructor: { componentRef: { name: 'toString' } } } }],
])('%s %j is taken', (message, value) => {
  expect(problemsOf(value, message)).toEqual([]);
});

test('an unknown field is told with those that there are, and marked at its key', () => {
  expect(validate({ name: 'p', nmae: 'q' }, 'PipelineInfo')).toEqual([
    {
      path: ['nmae'],
      isKey: true,
      problem: 'the document has no field "nmae"',
      fix: 'its fields are name, displayName, description',
    },
  ]);
});

test('faults of a map are found together with those inside it', () => {
  expect(
    problemsOf(
      { componentRef: {}, parameterIterator: {}, artifactIterator: { items: 3, itemInput: 'a' }, retries: 1 },
      'TaskSpec',
    ).sort(),
  ).toEqual([
    'artifactIterator.items must be a map, not 3',
    'componentRef lacks the field "name"',
    'parameterIterator lacks the field "itemInput"',
    'parameterIterator lacks the field "items"',
    'the document has no field "retries"',
    'the document has parameterIterator and artifactIterator, of which one alone may be set',
  ]);
});
