/** Runs elsewhere as people read them. */
import type { RemoteRun, RemoteStatus } from '../../remotes/ports.ts';
import { paintFor, type Paint } from '../color.ts';
import { formatTable } from '../table.ts';
import { formatDuration } from '../units.ts';

export interface NamedArtifact {
  readonly task: string;
  readonly output: string;
  readonly id?: string;
  readonly uri?: string;
  readonly type?: string;
}

/** Lays out a list of runs elsewhere. */
export function remoteRunsTable(runs: readonly RemoteRun[], none: string): string {
  const paint = paintFor(process.stdout, process.env);
  if (runs.length === 0) return none;
  const header = ['RUN', 'STATUS', 'STARTED', 'TIME', 'NAME'];
  const rows = runs.map(({ id, name, status, createdAt, startedAt = createdAt, endedAt, error }) => [
    id,
    paint(colours[status], status),
    timeText(startedAt),
    lasted(startedAt, endedAt),
    error === undefined ? name : `${name}  ${paint('dim', error.split('\n')[0] ?? '')}`,
  ]);
  return formatTable([header.map((text) => paint('dim', text)), ...rows]);
}

const colours: Readonly<Record<RemoteStatus, Parameters<Paint>[0]>> = {
  pending: 'dim',
  running: 'yellow',
  paused: 'yellow',
  cancelling: 'yellow',
  succeeded: 'green',
  skipped: 'dim',
  cached: 'cyan',
  failed: 'red',
  cancelled: 'yellow',
};

function lasted(startedAt: string | undefined, endedAt: string | undefined): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)));
}

/** Lays out one run: its tasks, what they made, and why it failed. */
export function remoteRunText(run: RemoteRun, artifacts: readonly NamedArtifact[]): string {
  const paint = paintFor(process.stdout, process.env);
  const tasks = run.tasks.map(({ name, status, startedAt, endedAt, error }) => [
    `  ${name}`,
    paint(colours[status], status),
    lasted(startedAt, endedAt),
    error?.split('\n')[0] ?? '',
  ]);
  const made = artifacts.map(({ task, output, id = '', uri = id, type = '' }) => [
    `  ${task}.${output}`,
    type,
    paint('dim', uri),
  ]);
  const part = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
    rows.length === 0 ? [] : [`\n${paint('bold', title)}\n${formatTable(rows)}`];
  return [
    `${paint('bold', run.name)}  ${paint('dim', run.id)}`,
    ...(run.startedAt === undefined ? [] : [`started ${timeText(run.startedAt)} UTC`]),
    ...part('tasks', tasks),
    ...part('artifacts', made),
    `\n${paint(colours[run.status], run.status)}  ${lasted(run.startedAt, run.endedAt)}`.trimEnd(),
    ...(run.error === undefined ? [] : [run.error]),
    ...(run.link === undefined ? [] : [run.link]),
  ].join('\n');
}

/** A time to the second, in UTC. */
export function timeText(text: string | undefined): string {
  return text?.slice(0, 19).replace('T', ' ') ?? '';
}
