import { describe, expect, it } from 'vitest';
import { readReportLine, reportLine } from '../../spec/report-line.ts';
import { memoryWorld } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

const compiled = pipelineOf({ tasks: { fit: { returns: { Output: 'NUMBER_INTEGER' } } } });

describe('what a task reports', () => {
  it('is a line that reads back, and nothing else is', () => {
    expect(readReportLine(reportLine(3, { loss: 0.5, bad: Number.NaN }))).toEqual({
      step: 3,
      values: { loss: 0.5, bad: null },
    });
    const others = [
      'epoch 3',
      'ferrule-report',
      'ferrule-report null',
      'ferrule-report {"step":',
      'ferrule-report {"step":1.5,"values":{"a":1}}',
      'ferrule-report {"step":1,"values":{"a":"b"}}',
    ];
    for (const line of others) expect(readReportLine(line)).toBeUndefined();
  });

  it('is in the log of the run before the end of the attempt, in order, however fast it comes', async () => {
    const world = memoryWorld({
      fit({ log }) {
        log.line('begins');
        for (let step = 1; step <= 500; step++) log.line(reportLine(step, { loss: 1 / step }));
        return { Output: 1 };
      },
    });
    const state = await world.run({ compiled, runId: 'reports' });
    expect(state.status).toBe('succeeded');
    const kinds = world.events.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('attempt-reported')).toBeLessThan(kinds.indexOf('attempt-ended'));
    const steps = world.events.flatMap((event) => (event.kind === 'attempt-reported' ? [event.step] : []));
    expect(steps).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(state.tasks[0]?.reported).toEqual({ step: 500, values: { loss: 1 / 500 } });
    // What comes together goes into few entries.
    expect((await world.objects.names('runs/reports/log')).length).toBeLessThan(12);
  });
});
