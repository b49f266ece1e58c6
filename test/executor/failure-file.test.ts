import { describe, expect, it } from 'vitest';
import { fitting, parseFailure } from '../../executor/failure-file.ts';

const stack = Array.from({ length: 200 }, (_, at) => `    at step${at} (file:///ferrule/bundle.mjs:${at}:1)`);
const failure = { code: 'FER6001', problem: 'no images', fix: 'give some', stack: stack.join('\n') } as const;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('a failure as data', () => {
  it('is left as it is where it fits', () => {
    expect(fitting(failure, 100_000)).toEqual(failure);
  });

  it('loses the last frames of its stack first', () => {
    const cut = fitting(failure, 4096);
    expect(bytesOf(cut)).toBeLessThanOrEqual(4096);
    expect(bytesOf(cut)).toBeGreaterThan(3900);
    expect(cut).toMatchObject({ code: 'FER6001', problem: 'no images', fix: 'give some' });
    expect(cut.stack).toMatch(/^ {4}at step0 .*\n {4}\.\.\.$/s);
  });

  it('is cut to its code and the start of a problem that is long by itself', () => {
    const long = { ...failure, problem: 'ü"\n'.repeat(5000) };
    const cut = fitting(long, 4096);
    expect(bytesOf(cut)).toBeLessThanOrEqual(4096);
    expect(cut.code).toBe('FER6001');
    expect(cut.problem).toMatch(/^ü"\n.* \.\.\.$/s);
  });

  it('is not read out of other text', () => {
    expect(parseFailure('Killed')).toBeUndefined();
    expect(parseFailure('{"code":1}')).toBeUndefined();
    expect(parseFailure('null')).toBeUndefined();
    expect(parseFailure(JSON.stringify(failure))).toEqual(failure);
  });
});
