/** Runs side by side: one row a thing that can be compared, one column a run. */
import type { ArtifactRecord } from '../../engine/events.ts';
import type { RunState } from '../../engine/run-state.ts';
import { compareText, type JsonValue } from '../../spec/json.ts';
import { insideOfLarge, shownTasks } from '../progress/loops.ts';
import { formatValue } from '../progress/summary.ts';
import { formatBytes, formatDuration } from '../units.ts';

export interface ComparisonRow {
  readonly name: string;
  /** One cell a run; undefined where the run has no such thing. */
  readonly cells: readonly (Cell | undefined)[];
  /** Whether the runs differ here. */
  readonly differs: boolean;
}

interface Cell {
  readonly text: string;
  /** The value behind the text, where it is a number. */
  readonly number?: number;
}

interface ComparisonSection {
  readonly title: 'run' | 'parameters' | 'metrics' | 'artifacts' | 'tasks';
  readonly rows: readonly ComparisonRow[];
}

export interface Comparison {
  readonly runIds: readonly string[];
  readonly sections: readonly ComparisonSection[];
}

/** Compares any number of runs, of one pipeline or of several. */
export function compareRuns(states: readonly RunState[]): Comparison {
  return {
    runIds: states.map(({ runId }) => runId),
    sections: [
      { title: 'run', rows: rowsOf(states, factsOf) },
      { title: 'parameters', rows: rowsOf(states, parametersOf) },
      { title: 'metrics', rows: rowsOf(states, metricsOf) },
      { title: 'artifacts', rows: rowsOf(states, artifactsOf) },
      { title: 'tasks', rows: rowsOf(states, tasksOf) },
    ],
  };
}

type Cells = ReadonlyMap<string, Cell>;

function rowsOf(states: readonly RunState[], cellsOf: (state: RunState) => Cells): ComparisonRow[] {
  const columns = states.map(cellsOf);
  // In the order of the first run that has it.
  const names = [...new Set(columns.flatMap((cells) => [...cells.keys()]))];
  return names.map((name) => {
    const cells = columns.map((column) => column.get(name));
    return { name, cells, differs: new Set(cells.map((cell) => cell?.text)).size > 1 };
  });
}

function factsOf(state: RunState): Cells {
  const cells = new Map<string, Cell>([
    ['pipeline', { text: state.pipeline }],
    ['status', { text: state.status }],
    ['started', { text: state.startedAt.slice(0, 19).replace('T', ' ') }],
  ]);
  if (state.displayName !== undefined) cells.set('name', { text: state.displayName });
  if (state.endedAt !== undefined) {
    const number = Date.parse(state.endedAt) - Date.parse(state.startedAt);
    cells.set('time', { text: formatDuration(number), number });
  }
  return cells;
}

function parametersOf(state: RunState): Cells {
  return new Map(Object.entries(state.parameters).map(([name, value]) => [name, cellOf(value)]));
}

/** The figures of all metrics artifacts, and the numbers that the pipeline gives back. */
function metricsOf(state: RunState): Cells {
  const cells = new Map<string, Cell>();
  for (const [name, value] of Object.entries(state.outputs.parameters))
    if (typeof value === 'number') cells.set(name, cellOf(value));
  for (const { task, output, record } of recordsOf(state)) {
    if (record.type.schemaTitle !== 'system.Metrics') continue;
    for (const [name, value] of Object.entries(record.metadata).sort(([a], [b]) => compareText(a, b)))
      cells.set(`${task}.${output}.${name}`, cellOf(value));
  }
  return cells;
}

function artifactsOf(state: RunState): Cells {
  return new Map(
    recordsOf(state).map(({ task, output, record }) => [
      `${task}.${output}`,
      { text: `${record.digest?.slice(7, 19) ?? 'no digest'}  ${formatBytes(record.size)}` },
    ]),
  );
}

function tasksOf(state: RunState): Cells {
  return new Map(
    shownTasks(state.tasks).tasks.map((task): [string, Cell] => {
      if (task.status !== 'succeeded' || task.startedAt === undefined || task.endedAt === undefined)
        return [task.name, { text: task.status }];
      const number = Date.parse(task.endedAt) - Date.parse(task.startedAt);
      return [task.name, { text: formatDuration(number), number }];
    }),
  );
}

interface PlacedRecord {
  readonly task: string;
  readonly output: string;
  readonly record: ArtifactRecord;
}

function recordsOf(state: RunState): PlacedRecord[] {
  const inLoop = insideOfLarge(state.tasks);
  return state.tasks
    .filter((task) => task.kind !== 'dag' && task.kind !== 'loop' && !inLoop(task))
    .flatMap((task) =>
      Object.entries(task.outputs?.artifacts ?? {}).flatMap(([output, records]) =>
        records.map((record, index) => ({
          task: task.name,
          output: records.length === 1 ? output : `${output}[${index}]`,
          record,
        })),
      ),
    );
}

function cellOf(value: JsonValue): Cell {
  return typeof value === 'number'
    ? { text: formatValue(value), number: value }
    : { text: formatValue(value) };
}
