import { describe, expect, it } from 'vitest';
import { tellingLine } from '../../executor/telling-line.ts';

const traceback = [
  'Traceback (most recent call last):',
  '  File "ephemeral_component.py", line 8, in fail',
  "    raise ValueError('the sea is rough')",
];

describe('the line of a log that tells most', () => {
  it.each([
    ['of a traceback is its exception', [...traceback, 'ValueError: the sea is rough']],
    ['is the same where other output comes after it', [...traceback, 'ValueError: the sea is rough', '}']],
    [
      'is the same where other output comes between',
      [...traceback, '}', 'ValueError: the sea is rough', ' x'],
    ],
    [
      'is the last of several',
      ['Traceback (most recent call last):', 'KeyError: 1', ...traceback, 'ValueError: the sea is rough'],
    ],
  ])('%s', (_, lines) => {
    expect(tellingLine(lines)).toBe('ValueError: the sea is rough');
  });

  it('is the last one of any other', () => {
    expect(tellingLine(['one', 'two', ''])).toBe('two');
    expect(tellingLine(['Traceback (most recent call last):', '  File'])).toBe('  File');
    expect(tellingLine([])).toBe('');
  });

  it('may be an exception without words, or of a module', () => {
    expect(tellingLine([...traceback, 'KeyboardInterrupt', 'x y'])).toBe('KeyboardInterrupt');
    expect(tellingLine([...traceback, 'kfp.errors.Bad: no', '}'])).toBe('kfp.errors.Bad: no');
  });
});
