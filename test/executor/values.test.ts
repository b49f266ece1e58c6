import { describe, expect, it } from 'vitest';
import { inputsOf } from '../../executor/component-inputs.ts';
import { asJson } from '../../executor/json-values.ts';
import { localPathOf } from '../../spec/local-path.ts';
import { isChief } from '../../executor/output-file.ts';
import { returnedParameters } from '../../executor/returned-values.ts';

describe('the local path of an artifact', () => {
  it.each([
    ['gs://bucket/a/b', '/gcs/bucket/a/b'],
    ['s3://bucket/a', '/s3/bucket/a'],
    ['minio://bucket/a', '/minio/bucket/a'],
    ['oci://registry/image:tag', '/oci/registry_image:tag'],
    ['file:///data/with%20space', '/data/with space'],
    ['/data/plain', '/data/plain'],
  ])('of %s is %s', (uri, path) => {
    expect(localPathOf({ name: 'a', uri })).toBe(path);
  });

  it('of a model image is its folder of models', () => {
    const type = { schemaTitle: 'system.Model' };
    expect(localPathOf({ name: 'a', uri: 'oci://r/m', type })).toBe('/oci/r_m/models');
  });

  it('is the custom path where there is one, and lies in the workspace where the metadata says so', () => {
    expect(localPathOf({ name: 'a', uri: 'gs://b/x', customPath: '/mnt/x' })).toBe('/mnt/x');
    expect(localPathOf({ name: 'a', uri: 'gs://b/x', metadata: { _kfp_workspace: true } })).toBe(
      '/kfp-workspace/.artifacts/gcs/b/x',
    );
  });
});

describe('inputs of a component', () => {
  const artifacts = (count: number): { artifacts: { name: string; uri: string }[] } => ({
    artifacts: Array.from({ length: count }, (_, index) => ({ name: `a${index}`, uri: `/a${index}` })),
  });

  it('are a list where they are declared as one, whatever the length', () => {
    const input = {
      inputs: { artifacts: { none: artifacts(0), one: artifacts(1) } },
      outputs: { outputFile: 'o' },
    };
    expect(inputsOf(input, ['none', 'one'])).toMatchObject({ none: [], one: [{ path: '/a0' }] });
    expect(inputsOf(input, [])).toEqual({ one: expect.objectContaining({ path: '/a0' }) as unknown });
  });

  it('cannot be changed', () => {
    const input = { inputs: { artifacts: { one: artifacts(1) } }, outputs: { outputFile: 'o' } };
    const inputs = inputsOf(input, []) as { one: { metadata: Record<string, unknown> } };
    expect(() => {
      inputs.one.metadata['x'] = 1;
    }).toThrow(TypeError);
  });
});

describe('values that a component gives back', () => {
  it('are copied as plain JSON', () => {
    const value = { b: [1, -0, 'x', null, true], a: undefined, c: { d: Object.create(null) as unknown } };
    expect(asJson(value, 'it')).toStrictEqual({ b: [1, 0, 'x', null, true], c: { d: {} } });
  });

  it('may hold one object twice, but not inside itself', () => {
    const shared = { x: 1 };
    expect(asJson([shared, shared], 'it')).toEqual([{ x: 1 }, { x: 1 }]);
    const cycle: Record<string, unknown> = {};
    cycle['self'] = [cycle];
    expect(() => asJson(cycle, 'it')).toThrow('it at .self[0] is inside itself');
  });

  it.each([
    [new Date(0), 'it is a Date'],
    [[Array(2)], 'it at [0][0] is undefined'],
    [{ f: () => 1 }, 'it at .f is a function'],
    [{ n: Number.NaN }, 'it at .n is NaN'],
    [1n, 'it is a BigInt'],
    [Symbol('x'), 'it is a symbol'],
  ])('are refused where JSON would change them in silence (%#)', (value, problem) => {
    expect(() => asJson(value, 'it')).toThrow(problem);
  });

  it('are the fields of an object, or else Output', () => {
    expect(returnedParameters({ a: 1, b: 2 }, ['a'])).toEqual({ a: 1 });
    expect(returnedParameters([1], ['Output'])).toEqual({ Output: [1] });
    expect(returnedParameters({ Output: 'named so' }, ['Output'])).toEqual({ Output: 'named so' });
    expect(returnedParameters(undefined, [])).toEqual({});
    expect(() => returnedParameters(3, ['a'])).toThrow('returned a bare number');
    expect(() => returnedParameters(null, ['a', 'b'])).toThrow('returned nothing');
  });

  it('are found by their own fields alone', () => {
    expect(() => returnedParameters({}, ['toString'])).toThrow('"toString"');
  });
});

describe('a distributed job', () => {
  it.each([
    [undefined, true],
    ['', true],
    ['{"task":{"type":"workerpool0"}}', true],
    ['{"task":{"type":"workerpool1"}}', false],
    ['{"cluster":{}}', true],
  ])('described by %s lets this process write: %s', (spec, writes) => {
    expect(isChief(spec)).toBe(writes);
  });
});
