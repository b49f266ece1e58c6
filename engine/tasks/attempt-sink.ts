/** What an attempt prints and tells goes to its log, to the run's log, and to whoever watches. */
import { readReportLine } from '../../spec/index.ts';
import type { NewEvent } from '../graph/machine.ts';
import { failureOf } from '../failure.ts';
import type { AttemptKey, AttemptLog, AttemptSink } from '../ports.ts';
import type { RunContext } from '../run-context.ts';
import { reportQueue } from './report-queue.ts';

/** A sink that holds back what comes too fast. */
export interface OpenSink extends AttemptSink {
  /** Records what was held back: before the attempt's end is. */
  flush(): void;
}

/** Passes lines on to the log and to whoever watches, and what becomes of the attempt to the run's log. */
export function attemptSink(key: AttemptKey, log: AttemptLog, run: RunContext): OpenSink {
  const { task, number: attempt } = key;
  // What cannot be recorded has lost its log, which ends the run by itself.
  const record = (...events: readonly NewEvent[]): void =>
    void run.journal.record(...events).catch(() => undefined);
  const reports = reportQueue(run.ports.clock, (some) =>
    record(...some.map((report): NewEvent => ({ kind: 'attempt-reported', task, attempt, ...report }))),
  );
  let said: string | undefined;
  return {
    kept: log.kept,
    flush: () => reports.flush(),
    line(text) {
      log.line(text);
      const report = readReportLine(text);
      if (report !== undefined) {
        reports.add(report);
        return;
      }
      try {
        run.ports.observer.log({ task, attempt, text });
      } catch {
        // A watcher's trouble is its own.
      }
    },
    progress(progress) {
      const saying = JSON.stringify(progress);
      if (saying === said || run.signal.aborted) return;
      said = saying;
      if (progress.kind === 'waiting')
        record({ kind: 'attempt-waiting', task, attempt, reason: progress.reason });
      else
        record({
          kind: 'attempt-running',
          task,
          attempt,
          ...(progress.on !== undefined && { on: progress.on }),
        });
    },
  };
}

/** Ends a log. What it could not keep is worth a warning, and no reason to lose a task's result. */
export async function closeLog(log: AttemptLog, task: string, run: RunContext): Promise<void> {
  try {
    await log.close();
  } catch (error) {
    const { code, problem } = failureOf(error);
    await run.journal.record({ kind: 'warning', code, message: `the log is not complete: ${problem}`, task });
  }
}
