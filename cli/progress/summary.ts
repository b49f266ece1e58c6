/** What is said when a run ended. */
import { readdirSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { ArtifactRecord, Failure } from '../../engine/events.ts';
import type { RunState, TaskState } from '../../engine/run-state.ts';
import type { JsonValue } from '../../spec/json.ts';
import type { Paint } from '../color.ts';
import type { ShownStatus } from '../find-run.ts';
import type { Locate } from '../result.ts';
import { ellipsis, formatTable } from '../table.ts';
import { formatDuration, formatNumber } from '../units.ts';
import { causesOf, iterationsNeverBegun } from './loops.ts';

/**
 * Writes status and time, what ran and what did not, the pipeline's outputs, or why it failed.
 * @param status what to call it, where the log alone does not tell
 */
export function summaryOf(
  state: RunState,
  locate: Locate,
  paint: Paint,
  status: ShownStatus = state.status,
): string {
  const lines = [headline(state, status, paint)];
  for (const { code, message } of state.warnings) lines.push(`${paint('yellow', code)}  ${message}`);
  const outputs = [
    ...Object.entries(state.outputs.parameters).map(([name, value]) => [`  ${name}`, formatValue(value)]),
    ...Object.entries(state.outputs.artifacts).flatMap(([name, records]) =>
      records.map((record) => [`  ${name}`, formatArtifact(record, locate)]),
    ),
  ];
  if (outputs.length > 0) lines.push('', formatTable(outputs));
  const failed = causesOf(state.tasks);
  for (const task of failed.slice(0, mostFailures)) {
    if (task.failure === undefined) continue;
    lines.push('', formatFailure(task.name, task.failure, paint));
    if (task.attempts > 0) lines.push(paint('dim', `  its log: ferrule logs ${state.runId} ${task.name}`));
  }
  if (failed.length > mostFailures)
    lines.push(
      '',
      paint('dim', `${failed.length - mostFailures} more failed: ferrule show --json ${state.runId}`),
    );
  if (failed.length === 0 && state.failure !== undefined)
    lines.push('', formatFailure('the run', state.failure, paint));
  if (status !== 'succeeded' && status !== 'running')
    lines.push('', `Go on with what is done: ferrule resume ${state.runId}`);
  return lines.join('\n');
}

/** Most failures that are told in full. */
const mostFailures = 10;

/** Writes status, time, and how many tasks came to which end. */
export function headline(state: RunState, status: ShownStatus, paint: Paint): string {
  const count = (of: string): number =>
    state.tasks.filter((task) => isWork(task) && task.status === of).length;
  const colour = status === 'succeeded' ? 'green' : status === 'running' ? 'yellow' : 'red';
  const time =
    state.endedAt === undefined
      ? ''
      : ` in ${formatDuration(Date.parse(state.endedAt) - Date.parse(state.startedAt))}`;
  const never = iterationsNeverBegun(state.tasks);
  const counts = [
    [count('succeeded'), 'ran'],
    [count('cached'), 'from the cache'],
    [count('failed'), 'failed'],
    [count('cancelled'), 'cancelled'],
    [count('skipped'), 'skipped'],
    [never, never === 1 ? 'iteration never begun' : 'iterations never begun'],
  ] as const;
  const words = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${paint(['bold', colour], status)}${time}  ${paint('dim', words.join(', '))}`;
}

/** Groups and loops are what their tasks are. */
function isWork({ kind }: TaskState): boolean {
  return kind === 'component' || kind === 'importer';
}

/** Writes a failure with its code, fix and, where the component threw, its stack. */
export function formatFailure(where: string, failure: Failure, paint: Paint): string {
  const lines = [`${paint('red', failure.code)}  ${where}: ${failure.problem}`];
  if (failure.stack !== undefined) lines.push(failure.stack.replaceAll(/^/gm, '  '));
  if (failure.fix !== undefined) lines.push(`  fix: ${failure.fix}`);
  return lines.join('\n');
}

/** Writes a parameter's value on one line. */
export function formatValue(value: JsonValue): string {
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? value : ellipsis(JSON.stringify(value), 120);
}

/** Writes where an artifact is; for metrics that were only recorded, the figures themselves. */
function formatArtifact(record: ArtifactRecord, locate: Locate): string {
  if (record.type.schemaTitle !== 'system.Metrics' || record.files > 0)
    return shortPath(singleFile(locate(record.uri), record));
  const figures = Object.entries(record.metadata).filter(([, value]) => typeof value === 'number');
  return figures.map(([name, value]) => `${name} ${formatValue(value)}`).join(', ');
}

/** A folder that holds one file is shown as that file. */
function singleFile(place: string, record: ArtifactRecord): string {
  if (!record.folder || record.files !== 1 || !isAbsolute(place)) return place;
  try {
    const [only, ...others] = readdirSync(place);
    return only === undefined || others.length > 0 ? place : join(place, only);
  } catch {
    return place;
  }
}

/** Writes a path from the current folder where that is shorter. */
function shortPath(place: string): string {
  if (!isAbsolute(place)) return place;
  const short = relative(process.cwd(), place);
  return short === '' || short.startsWith('..') ? place : short;
}
