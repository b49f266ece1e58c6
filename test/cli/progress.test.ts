import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { liveProgress } from '../../cli/progress/live-progress.ts';
import { plainProgress } from '../../cli/progress/plain-progress.ts';
import type { RunEvent } from '../../engine/events.ts';
import { reportLine } from '../../spec/report-line.ts';
import { memoryWorld } from '../engine/memory.ts';
import { pipelineOf } from '../engine/pipelines.ts';

const paint = (_: unknown, text: string): string => text;

/** The events of a run whose task reports once. */
async function reporting(): Promise<readonly RunEvent[]> {
  const world = memoryWorld({
    train({ log }) {
      log.line(reportLine(3, { loss: 0.123456, wrong: Number.NaN }));
      return {};
    },
  });
  await world.run({ compiled: pipelineOf({ tasks: { train: {} } }), runId: 'reports' });
  return world.events;
}

describe('what a task reports', () => {
  it('is a line of its own in pipes and logs', async () => {
    const said: string[] = [];
    const progress = plainProgress((text) => said.push(text.trimEnd()), paint);
    for (const event of await reporting()) progress.event(event);
    expect(said).toContain('train step 3: loss 0.1235, wrong NaN');
  });

  it('is what stands beside the task in the live view', async () => {
    let drawn = '';
    const stream = new Writable({
      write(chunk, _, done) {
        drawn += String(chunk);
        done();
      },
    });
    const terminal = Object.assign(stream, { columns: 100, rows: 30, isTTY: true });
    const progress = liveProgress(terminal as unknown as NodeJS.WriteStream, paint);
    for (const event of await reporting()) {
      progress.event(event);
      if (event.kind === 'attempt-reported') break;
    }
    progress.close(undefined);
    expect(drawn).toContain('step 3: loss 0.1235');
  });
});
