/** Progress as plain lines: for pipes, logs and CI. */
import type { RunEvent } from '../../engine/events.ts';
import type { Paint } from '../color.ts';
import { formatDuration } from '../units.ts';
import { loopTally } from './loop-tally.ts';
import type { Progress } from './progress.ts';
import { reportText } from './report-text.ts';

export function plainProgress(write: (text: string) => void, paint: Paint): Progress {
  const started = new Map<string, number>();
  const loops = loopTally();
  const say = (task: string, text: string): void => write(`${paint('bold', task)} ${text}\n`);
  return {
    event(event) {
      if (event.kind === 'attempt-started') started.set(event.task, Date.parse(event.at));
      const far = loops.note(event);
      const line = loops.hides(event) ? undefined : lineFor(event, started, paint);
      if (line !== undefined) say(line.task, line.text);
      if (far !== undefined) say(far.loop, far.words);
      if ('task' in event && event.task !== undefined && event.kind.startsWith('task-'))
        started.delete(event.task);
    },
    log: ({ task, text }) => write(`${paint('dim', `${task} |`)} ${text}\n`),
    close: () => undefined,
  };
}

function lineFor(
  event: RunEvent,
  started: ReadonlyMap<string, number>,
  paint: Paint,
): { readonly task: string; readonly text: string } | undefined {
  switch (event.kind) {
    case 'run-started':
      return { task: event.pipeline, text: `run ${event.runId}` };
    case 'run-resumed':
      return { task: event.runId, text: 'resumed' };
    case 'cache-checked':
      if (event.waitsFor !== undefined) return { task: event.task, text: event.reason };
      return event.decision === 'hit' ? undefined : { task: event.task, text: `runs: ${event.reason}` };
    case 'task-cached':
      return { task: event.task, text: `${paint('cyan', 'cached')} from run ${event.from.runId}` };
    case 'attempt-started':
      return { task: event.task, text: event.attempt > 1 ? `started, attempt ${event.attempt}` : 'started' };
    case 'attempt-waiting':
      return { task: event.task, text: `${paint('yellow', 'waits')}: ${event.reason}` };
    case 'attempt-running':
      return event.on === undefined ? undefined : { task: event.task, text: `runs on ${event.on}` };
    case 'attempt-reported':
      return { task: event.task, text: reportText(event) };
    case 'attempt-ended': {
      if (event.retryIn === undefined) return undefined;
      const why = event.failure?.problem ?? event.reason ?? event.outcome;
      return {
        task: event.task,
        text: `${paint('yellow', 'tries again')} in ${formatDuration(event.retryIn)}: ${why}`,
      };
    }
    case 'task-succeeded': {
      const start = started.get(event.task);
      const time = start === undefined ? '' : ` in ${formatDuration(Date.parse(event.at) - start)}`;
      return { task: event.task, text: `${paint('green', 'succeeded')}${time}` };
    }
    case 'task-failed':
      return {
        task: event.task,
        text: `${paint('red', 'failed')}: ${event.failure.code} ${event.failure.problem}`,
      };
    case 'task-skipped':
      return { task: event.task, text: `skipped: ${event.reason}` };
    case 'task-cancelled':
      return { task: event.task, text: 'cancelled' };
    case 'cancel-requested':
      return { task: 'run', text: `cancel requested: ${event.reason}` };
    case 'warning':
      return { task: event.task ?? 'run', text: `${paint('yellow', 'warning')}: ${event.message}` };
    case 'loop-opened':
      return { task: event.task, text: `${event.count} iterations` };
    case 'tasks-added':
    case 'iterations-opened':
    case 'task-ready':
    case 'run-ended':
      return undefined;
  }
}
