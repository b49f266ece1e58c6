/** One line a task, as the live view and the summaries show it. */
import type { RunState, TaskState, TaskStatus } from '../../engine/run-state.ts';
import type { Paint } from '../color.ts';
import { ellipsis, formatTable } from '../table.ts';
import { formatDuration } from '../units.ts';
import { loopWords, shownTasks, type LoopCounts } from './loops.ts';

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

/**
 * Writes a line for each task: sign, name, time, and what there is to say. A loop of many iterations has one line, and
 * one for each of the first failures in it.
 * @param pick takes some of them, where not all fit
 */
export function taskLines(
  state: RunState,
  options: TaskLineOptions,
  pick: (tasks: readonly TaskState[]) => readonly TaskState[] = (tasks) => tasks,
): string {
  const { paint } = options;
  const { tasks, loops, unnamed } = shownTasks(state.tasks);
  const picked = pick(tasks);
  const nameWidth = picked.reduce((widest, task) => Math.max(widest, nameOf(task).length), 4);
  const rest = Math.max(10, options.width - Math.min(nameWidth, longestName) - 18);
  const lines = formatTable(
    picked.map((task) => [
      `  ${signOf(task.status, options.frame, paint)}`,
      ellipsis(nameOf(task), longestName),
      timeOf(task, options.now),
      paint('dim', ellipsis(wordsFor(task, state, loops, options.lastLines), rest)),
    ]),
  );
  const more = [
    ...(picked.length < tasks.length ? [`and ${tasks.length - picked.length} more tasks`] : []),
    ...(unnamed > 0 ? [`and ${unnamed} more failures in loops`] : []),
  ];
  return [lines, ...more.map((text) => `    ${paint('dim', text)}`)].join('\n');
}

/** Columns of a name. */
const longestName = 48;

/** What a task is called: its path, or its own name at the end of it; of a long path the end says most. */
function nameOf({ name, displayName }: TaskState): string {
  const around = name.slice(0, name.lastIndexOf('/') + 1);
  const whole = displayName === undefined ? name : `${around}${displayName}`;
  return whole.length <= longestName ? whole : `…${whole.slice(1 - longestName)}`;
}

function timeOf(task: TaskState, now: number): string {
  if (task.status === 'cached') return '';
  if (task.startedAt === undefined || task.status === 'ready') return '';
  const end = task.endedAt === undefined ? now : Date.parse(task.endedAt);
  return formatDuration(Math.max(0, end - Date.parse(task.startedAt)));
}

function wordsFor(
  task: TaskState,
  state: RunState,
  loops: ReadonlyMap<string, LoopCounts>,
  lastLines: ReadonlyMap<string, string>,
): string {
  const counts = loops.get(task.name);
  if (counts !== undefined && task.status !== 'skipped') return loopWords(counts);
  if (task.item !== undefined && task.status !== 'failed' && task.status !== 'skipped') return task.item;
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
      return task.waitingFor ?? '';
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
