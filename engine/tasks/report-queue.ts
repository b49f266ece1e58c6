/** What an attempt reports goes to the run's log a few times a second at the most, however often it does. */
import type { StepReport } from '../../spec/index.ts';
import type { Clock } from '../ports.ts';

export interface ReportQueue {
  add(report: StepReport): void;
  /** Records what waits, at once. */
  flush(): void;
}

/** Milliseconds between two entries. */
const pause = 200;
/** Reports of one attempt that are recorded: its log has the rest. */
const most = 10_000;

export function reportQueue(clock: Clock, record: (reports: readonly StepReport[]) => void): ReportQueue {
  let waiting: StepReport[] = [];
  let resting = false;
  let taken = 0;
  const flush = (): void => {
    const reports = waiting;
    waiting = [];
    if (reports.length > 0) record(reports);
  };
  const rest = (): void => {
    resting = true;
    void clock.sleep(pause, new AbortController().signal).then(() => {
      resting = false;
      if (waiting.length === 0) return;
      flush();
      rest();
    });
  };
  return {
    flush,
    add(report) {
      taken += 1;
      if (taken > most) return;
      waiting.push(report);
      if (resting) return;
      flush();
      rest();
    },
  };
}
