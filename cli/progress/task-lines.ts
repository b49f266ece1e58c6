/** One line a task, as the live view and the summaries show it. */
import type { RunState, TaskState, TaskStatus } from '../../engine/run-state.ts';
import type { Paint } from '../color.ts';
import { ellipsis, formatTable } from '../table.ts';
import { formatDuration } from '../units.ts';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The sign in front of a task. */
function signOf(status: TaskStatus, frame: number, paint: Paint): string {
  switch (status) {
    case 'succeeded':
      return paint('green', '✓');
    case 'cached':
      return paint('cyan', '≡');
    case 'failed':
      return paint('red', '✗');
    case 'running':
      return paint('yellow', spinner[frame % spinner.length] ?? '');
    case 'cancelled':
      return paint('yellow', '■');
    case 'skipped':
      return paint('dim', '○');
    case 'waiting':
    case 'ready':
      return paint('dim', '·');
  }
}

export interface TaskLineOptions {
  readonly paint: Paint;
  /** Counts up as the view is redrawn. */
  readonly frame: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Columns of the terminal. */
  readonly width: number;
  /** The last line each task printed. */
  readonly lastLines: ReadonlyMap<string, string>;
}

/** Writes a line for each task: sign, name, time, and what there is to say. */
export function taskLines(state: RunState, options: TaskLineOptions): string {
  const { paint } = options;
  const nameWidth = Math.max(...state.tasks.map((task) => task.name.length), 4);
  const rest = Math.max(10, options.width - Math.min(nameWidth, 40) - 18);
  return formatTable(
    state.tasks.map((task) => [
      `  ${signOf(task.status, options.frame, paint)}`,
      ellipsis(task.displayName ?? task.name, 40),
      timeOf(task, options.now),
      paint('dim', ellipsis(wordsFor(task, state, options.lastLines), rest)),
    ]),
  );
}

function timeOf(task: TaskState, now: number): string {
  if (task.status === 'cached') return '';
  if (task.startedAt === undefined || task.status === 'ready') return '';
  const end = task.endedAt === undefined ? now : Date.parse(task.endedAt);
  return formatDuration(Math.max(0, end - Date.parse(task.startedAt)));
}

function wordsFor(task: TaskState, state: RunState, lastLines: ReadonlyMap<string, string>): string {
  switch (task.status) {
    case 'cached':
      return task.from === undefined ? 'from the cache' : `from the cache: run ${task.from.runId}`;
    case 'running':
      return `${task.attempts > 1 ? `attempt ${task.attempts}: ` : ''}${task.waitingFor ?? lastLines.get(task.name) ?? ''}`;
    case 'failed':
      return task.failure?.problem ?? '';
    case 'skipped':
      return task.reason ?? '';
    case 'waiting':
      return waitsFor(task, state);
    case 'succeeded':
      return lastLines.get(task.name) ?? '';
    case 'ready':
    case 'cancelled':
      return '';
  }
}

function waitsFor(task: TaskState, state: RunState): string {
  const open = state.tasks.filter(
    ({ name, status }) => task.after.includes(name) && status !== 'succeeded' && status !== 'cached',
  );
  return open.length === 0 ? '' : `waits for ${open.map(({ name }) => name).join(', ')}`;
}
