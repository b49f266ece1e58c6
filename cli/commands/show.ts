import type { RunState, TaskState } from '../../engine/run-state.ts';
import { paintFor, type Paint } from '../color.ts';
import { openStores } from '../compose.ts';
import { findRun, readShownRun, type ShownStatus } from '../find-run.ts';
import { formatValue, summaryOf } from '../progress/summary.ts';
import { insideOfLarge } from '../progress/loops.ts';
import { taskLines } from '../progress/task-lines.ts';
import { resultOf, type Locate } from '../result.ts';
import { resolveSettings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { formatBytes } from '../units.ts';
import { printJson } from '../print-json.ts';

interface ShowOptions {
  readonly root?: string;
  readonly json?: boolean;
}

/** Shows one run with all that is known of it. */
export async function showCommand(run: string, options: ShowOptions): Promise<void> {
  const root = await openStores(resolveSettings('.', options.root));
  const { state, status } = await readShownRun(root.runs, await findRun(root.runs, run));
  const locate: Locate = (uri) => root.artifacts.locate(uri);
  if (options.json === true) {
    const { pipeline, parameters, startedAt, endedAt } = state;
    const whole = { pipeline, parameters, startedAt, endedAt, ...resultOf(state, locate), status };
    printJson(whole);
  } else process.stdout.write(`${formatRun(state, status, locate, paintFor(process.stdout, process.env))}\n`);
}

function formatRun(state: RunState, status: ShownStatus, locate: Locate, paint: Paint): string {
  const title = `${paint('bold', state.pipeline)}  ${state.displayName ?? ''}  ${paint('dim', state.runId)}`;
  const parameters = Object.entries(state.parameters).map(([name, value]) => [
    `  ${name}`,
    formatValue(value),
  ]);
  const lines = taskLines(status === 'interrupted' ? withoutRunning(state) : state, {
    paint,
    frame: 0,
    now: Date.now(),
    width: process.stdout.columns || 120,
    lastLines: new Map(),
  });
  return [
    `${title}\nstarted ${state.startedAt}`,
    parameters.length === 0 ? '' : `\n${paint('bold', 'parameters')}\n${formatTable(parameters)}`,
    `\n${paint('bold', 'tasks')}\n${lines}`,
    artifactLines(state, locate, paint),
    `\n${summaryOf(state, locate, paint, status)}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Shows tasks that ran when their driver died as what they are: ended, nobody knows when. */
function withoutRunning(state: RunState): RunState {
  const tasks = state.tasks.map((task): TaskState => {
    const { startedAt: _, ...rest } = task;
    return task.status === 'running' ? { ...rest, status: 'cancelled' } : task;
  });
  return { ...state, tasks };
}

function artifactLines(state: RunState, locate: Locate, paint: Paint): string {
  const inLoop = insideOfLarge(state.tasks);
  const made = state.tasks.filter(({ kind }) => kind !== 'dag' && kind !== 'loop');
  const left = made
    .filter(inLoop)
    .flatMap(({ outputs }) => Object.values(outputs?.artifacts ?? {}).flat()).length;
  const rows = made
    .filter((task) => !inLoop(task))
    .flatMap((task) =>
      Object.entries(task.outputs?.artifacts ?? {}).flatMap(([name, records]) =>
        records.map((record) => [
          `  ${task.name}.${name}`,
          record.type.schemaTitle ?? '',
          formatBytes(record.size),
          record.producer === undefined || record.producer.runId === state.runId
            ? ''
            : `made by run ${record.producer.runId}`,
          paint('dim', locate(record.uri)),
        ]),
      ),
    );
  const more = left === 0 ? '' : paint('dim', `  ${left} more in loops: ferrule show --json ${state.runId}`);
  const lines = [formatTable(rows), more].filter((part) => part !== '');
  return lines.length === 0 ? '' : `\n${paint('bold', 'artifacts')}\n${lines.join('\n')}`;
}
