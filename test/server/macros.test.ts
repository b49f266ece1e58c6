/** The cases are those of KFP's own tests of its parameter formatter, and more. */
import { execFileSync } from 'node:child_process';
import { integer, sample } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withMacros, type Occasion } from '../../server/schedule/macros.ts';
import { goTime, strftime } from '../../server/schedule/time-formats.ts';
import { kfpPython } from '../counterparts.ts';

const occasion: Occasion = { runId: 'some-run-uuid', due: 25_000, now: 26_000, index: 27 };
const filled = (text: string, more: Partial<Occasion> = {}): unknown =>
  withMacros({ text }, { ...occasion, ...more })['text'];

describe('macros in parameters', () => {
  it.each([
    ['FOO [[ScheduledTime]] FOO', 'FOO 19700101000025 FOO'],
    ['FOO [[CurrentTime]] FOO', 'FOO 19700101000026 FOO'],
    ['FOO [[Index]] FOO', 'FOO 27 FOO'],
    ['FOO [[RunUUID]] FOO', 'FOO some-run-uuid FOO'],
    ['FOO [[ScheduledTime.15-04-05]] FOO', 'FOO 00-00-25 FOO'],
    ['FOO [[CurrentTime.15-04-05]] FOO', 'FOO 00-00-26 FOO'],
    [
      '[[ScheduledTime]] [[RunUUID]] [[ScheduledTime]] [[Index]]',
      '19700101000025 some-run-uuid 19700101000025 27',
    ],
    ["FOO {{$.scheduledTime.strftime('%Y-%m-%d %H:%M:%S')}} FOO", 'FOO 1970-01-01 00:00:25 FOO'],
    ["FOO {{$.currentTime.strftime('%Y-%m-%d %H:%M:%S')}} FOO", 'FOO 1970-01-01 00:00:26 FOO'],
    ['FOO FOO FOO', 'FOO FOO FOO'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(filled(text)).toBe(expected);
  });

  it('that are none stay as they are, and so does what is no text', () => {
    for (const text of [
      '[[Else]]',
      '[[scheduledtime]]',
      "{{$.scheduledTime.strftime('%Q')}}",
      '{{$.else}}',
      '[[ScheduledTime',
    ])
      expect(filled(text)).toBe(text);
    expect(withMacros({ a: 1, b: null, c: true }, occasion)).toEqual({ a: 1, b: null, c: true });
    const { index: _index, ...without } = occasion;
    expect(withMacros({ text: '[[Index]]' }, without)).toEqual({ text: '[[Index]]' });
  });

  it('are filled in inside of lists and objects too', () => {
    expect(withMacros({ deep: [{ at: ['[[Index]]', 1] }] }, occasion)).toEqual({ deep: [{ at: ['27', 1] }] });
  });

  it('take the layouts of Go', () => {
    const time = new Date('2026-02-03T16:05:09Z');
    for (const [layout, expected] of Object.entries({
      '20060102': '20260203',
      'Mon Jan _2 15:04:05 MST 2006': 'Tue Feb  3 16:05:09 UTC 2026',
      'Monday, 02-Jan-06 15:04:05 MST': 'Tuesday, 03-Feb-26 16:05:09 UTC',
      '2006-01-02T15:04:05Z07:00': '2026-02-03T16:05:09Z',
      'Mon, 02 Jan 2006 15:04:05 -0700': 'Tue, 03 Feb 2026 16:05:09 +0000',
      '3:04PM 1/2/06': '4:05PM 2/3/26',
      'January 2, 2006 at 3pm, day 002': 'February 3, 2026 at 4pm, day 034',
      'Janeway Months _2006': 'Janeway Months _2026',
      'gs://bucket/p_2006/01': 'gs://bucket/p_2026/02',
    }))
      expect(goTime(time, layout), layout).toBe(expected);
  });

  it.skipIf(kfpPython === undefined)('write times as strftime does', () => {
    const format = '%A %a %B %b %C %D %d %e %F %H %I %j %M %m %p %R %S %T %u %w %Y %y %%';
    const times = sample(integer({ min: 0, max: 4_000_000_000 }), { numRuns: 200, seed: 6 });
    const script = `import json, sys, time\nprint(json.dumps([time.strftime(${JSON.stringify(format)}, time.gmtime(t)) for t in json.loads(sys.argv[1])]))`;
    const theirs: unknown = JSON.parse(
      execFileSync(kfpPython ?? '', ['-c', script, JSON.stringify(times)], { encoding: 'utf8' }),
    );
    expect(times.map((time) => strftime(new Date(1000 * time), format))).toEqual(theirs);
  });
});
