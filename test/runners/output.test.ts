import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretMask } from '../../executor/secret-mask.ts';
import { markedOutput } from '../../runners/local/marked-output.ts';
import { taskLog } from '../../executor/task-log.ts';
import { keptLog } from './attempts.ts';

const marks = ['\u001Eabc:1:1\n', '\u001Eabc:1:2\n'] as const;

/** Cuts bytes at the given places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}

describe('the output of one task', () => {
  it('is what lies around the marks, however the stream is cut, and looks like marks as it may', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ':', '1', '\n', '\u001E'), maxLength: 12 });
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(text, text, fc.boolean(), cuts, (before, between, swapped, at) => {
        const [first, second] = swapped ? [marks[1], marks[0]] : marks;
        const printed: Buffer[] = [];
        const output = markedOutput(marks, (chunk) => printed.push(Buffer.from(chunk)));
        for (const piece of pieces(Buffer.from(before + first + between + second), at)) output.take(piece);
        expect(output.isWhole).toBe(true);
        output.end();
        expect(Buffer.concat(printed).toString()).toBe(before + between);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not whole before both marks have come, and gives out all that there is when it is cut off', () => {
    const printed: string[] = [];
    const output = markedOutput(marks, (chunk) => printed.push(chunk.toString()));
    output.take(Buffer.from(`a${marks[0]}b${marks[1].slice(0, 5)}`));
    expect(output.isWhole).toBe(false);
    output.end();
    expect(printed.join('')).toBe(`ab${marks[1].slice(0, 5)}`);
  });
});

describe('the log of a task', () => {
  it('is cut into the same lines however its bytes are cut', () => {
    const text = fc.stringMatching(/^[aü\u{1F600}\n\r]{0,20}$/u);
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (printed, at) => {
        const sink = keptLog();
        const log = taskLog(sink, secretMask(['aü\na']));
        for (const piece of pieces(Buffer.from(printed), at)) log.write(piece);
        log.end();
        const whole = printed.replaceAll('aü\na', '***').split('\n');
        if (whole.at(-1) === '') whole.pop();
        expect(sink.lines).toEqual(
          whole.map((line, index) =>
            index < whole.length - 1 || printed.endsWith('\n') ? line.replace(/\r$/, '') : line,
          ),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('breaks a line that has no end, so that it cannot fill the memory', () => {
    const sink = keptLog();
    const log = taskLog(sink, secretMask([]));
    for (let megabyte = 0; megabyte < 3; megabyte++) log.write(Buffer.alloc(2 ** 20, 'x'));
    log.end();
    expect(sink.lines.map((line) => line.length)).toEqual([2 ** 20, 2 ** 20, 2 ** 20]);
  });
});
