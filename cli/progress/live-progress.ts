/** The live view: one line a task, redrawn ten times a second. */
import { createLogUpdate } from 'log-update';
import { startFold } from '../../engine/run-state.ts';
import type { Paint } from '../color.ts';
import { printable } from '../printable.ts';
import type { Progress } from './progress.ts';
import { reportText } from './report-text.ts';
import { taskLines } from './task-lines.ts';

/** Rows kept free under the view, so that a long pipeline does not scroll the terminal at each redraw. */
const spareRows = 4;

/** Most tasks whose last line is kept. */
const mostLastLines = 1000;

export function liveProgress(stream: NodeJS.WriteStream, paint: Paint): Progress {
  const draw = createLogUpdate(stream, { showCursor: true });
  const fold = startFold();
  const lastLines = new Map<string, string>();
  let frame = 0;
  let closed = false;

  const keepLast = (task: string, line: string): void => {
    // Of a loop of any length only what printed last is worth keeping.
    if (lastLines.size >= mostLastLines) lastLines.clear();
    lastLines.set(task, line);
  };
  const picture = (all: boolean): string => {
    const state = fold.state();
    if (state.runId === '') return '';
    const options = { paint, frame, now: Date.now(), width: stream.columns, lastLines };
    const lines = taskLines(state, options, (tasks) =>
      all ? tasks : fitting(tasks, stream.rows - spareRows),
    );
    return `${paint('bold', state.pipeline)}  ${paint('dim', state.runId)}\n\n${lines}`;
  };
  const timer = setInterval(() => {
    frame += 1;
    draw(picture(false));
  }, 100);

  return {
    event(event) {
      fold.apply(event);
      if (event.kind === 'attempt-reported') keepLast(event.task, reportText(event));
    },
    history: (event) => fold.apply(event),
    log({ task, text }) {
      const line = printable(text);
      if (line !== '') keepLast(task, line);
    },
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      draw(picture(true));
      draw.done();
    },
  };
}

/** Picks the tasks to show where not all fit: what runs or failed first, then what is next. */
function fitting<T extends { readonly status: string }>(tasks: readonly T[], rows: number): readonly T[] {
  if (tasks.length <= rows) return tasks;
  const rank = (task: T): number =>
    task.status === 'running' || task.status === 'failed'
      ? 0
      : task.status === 'ready'
        ? 1
        : task.status === 'waiting'
          ? 2
          : 3;
  const chosen = new Set([...tasks].sort((a, b) => rank(a) - rank(b)).slice(0, Math.max(1, rows)));
  return tasks.filter((task) => chosen.has(task));
}
