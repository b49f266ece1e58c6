import { describe, expect, it } from 'vitest';
import { LastWords, lastWordsOf } from '../../executor/last-words.ts';

const telling = (lines: readonly string[]): string => lastWordsOf(lines).telling;

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
    expect(telling(lines)).toBe('ValueError: the sea is rough');
  });

  it('is the last one of any other', () => {
    expect(telling(['one', 'two', ''])).toBe('two');
    expect(telling(['Traceback (most recent call last):', '  File'])).toBe('  File');
    expect(telling([])).toBe('');
  });

  it('may be an exception without words, or of a module', () => {
    expect(telling([...traceback, 'KeyboardInterrupt', 'x y'])).toBe('KeyboardInterrupt');
    expect(telling([...traceback, 'kfp.errors.Bad: no', '}'])).toBe('kfp.errors.Bad: no');
  });

  it('is the exception, however many lines came after it on the other stream', () => {
    const words = new LastWords(3);
    const json = Array.from({ length: 60 }, (_, index) => `  "line": ${index},`);
    for (const line of [...traceback, 'ValueError: too many', ...json, '', '}']) words.take(line);
    expect(words.telling).toBe('ValueError: too many');
    expect(words.lines).toEqual(['  "line": 58,', '  "line": 59,', '}']);
  });
});
