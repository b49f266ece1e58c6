import { describe, expect, it } from 'vitest';
import { printable } from '../../cli/printable.ts';
import { ellipsis, formatTable } from '../../cli/table.ts';
import { formatBytes, formatDuration, formatNumber } from '../../cli/units.ts';

describe('quantities', () => {
  it.each([
    [12.4, '12 ms'],
    [4200, '4.2 s'],
    [185_000, '3 m 05 s'],
    [7_620_000, '2 h 07 m'],
  ])('writes %d ms as %s', (value, text) => expect(formatDuration(value)).toBe(text));

  it.each([
    [999, '999 B'],
    [3400, '3.4 kB'],
    [5_600_000, '5.6 MB'],
  ])('writes %d bytes as %s', (value, text) => expect(formatBytes(value)).toBe(text));

  it.each([
    [10, '10'],
    [0.961234567, '0.9612'],
    [0.000012345678, '0.00001235'],
    [123.456789, '123.4568'],
  ])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));
});

describe('what a task printed', () => {
  it.each([
    ['plain', 'plain'],
    ['\u001B[31mred\u001B[0m and \u001B[2J\u001B[Hall over', 'red and all over'],
    ['10 %\r20 %\r30 %\r', '30 %'],
    ['a\tb\u0000c', 'a b c'],
    ['\u001B[1A', ''],
  ])('gives %j no power over the terminal', (text, shown) => expect(printable(text)).toBe(shown));
});

describe('tables', () => {
  it('align columns by what is seen, not by the bytes of colours', () => {
    expect(
      formatTable([
        ['\u001B[31mab\u001B[39m', 'x'],
        ['abcd', 'y'],
      ]),
    ).toBe('\u001B[31mab\u001B[39m    x\nabcd  y');
  });

  it('count a wide character as two columns', () => {
    expect(
      formatTable([
        ['日本', 'x'],
        ['abcd', 'y'],
      ]),
    ).toBe('日本  x\nabcd  y');
  });

  it('shorten what is too long with an ellipsis', () => {
    expect(ellipsis('abcdef', 4)).toBe('abc…');
    expect(ellipsis('abcd', 4)).toBe('abcd');
  });
});
