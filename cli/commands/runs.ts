import { UserError } from '../../errors/index.ts';
import { openProjection, type RunSummary } from '../../stores/index.ts';
import type { RunStore } from '../../engine/ports.ts';
import { paintFor, type Paint } from '../color.ts';
import { openStores } from '../compose.ts';
import { readShownRun, type ShownStatus } from '../find-run.ts';
import { resolveSettings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { formatDuration } from '../units.ts';
import { printJson } from '../print-json.ts';

interface RunsOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly limit: number;
  readonly pipeline?: string;
  readonly status?: string;
}

/** Lists the runs under a root, newest first. */
export async function runsCommand(options: RunsOptions): Promise<void> {
  const status = statusOf(options.status);
  // A table of the logs does not know who drives a run.
  const inLog = status === 'interrupted' ? 'running' : status;
  const root = await openStores(resolveSettings('.', options.root));
  const projection = await openProjection(root, root.tableFile);
  let runs: readonly ShownRun[];
  try {
    await projection.sync();
    const found = await projection.listRuns({
      limit: inLog === 'running' ? Number.MAX_SAFE_INTEGER : options.limit,
      ...(options.pipeline !== undefined && { pipeline: options.pipeline }),
      ...(inLog !== undefined && { status: inLog }),
    });
    const shown = await Promise.all(found.map((run) => shownRun(run, root.runs)));
    runs = shown.filter((run) => status === undefined || run.status === status).slice(0, options.limit);
  } finally {
    await projection.close();
  }
  if (options.json === true) printJson(runs);
  else if (runs.length === 0) process.stdout.write(`no such run under ${root.uri}\n`);
  else process.stdout.write(`${formatRuns(runs, paintFor(process.stdout, process.env))}\n`);
}

type ShownRun = Omit<RunSummary, 'status'> & { readonly status: ShownStatus };

async function shownRun(run: RunSummary, runs: RunStore): Promise<ShownRun> {
  return run.status === 'running' ? { ...run, status: (await readShownRun(runs, run.runId)).status } : run;
}

function statusOf(text: string | undefined): ShownStatus | undefined {
  const known = ['running', 'interrupted', 'succeeded', 'failed', 'cancelled'] as const;
  const found = known.find((status) => status === text);
  if (text !== undefined && found === undefined)
    throw new UserError('FER1002', {
      problem: `"${text}" is no status of a run`,
      fix: `write ${known.join(', ')}`,
    });
  return found;
}

function formatRuns(runs: readonly ShownRun[], paint: Paint): string {
  const colours = {
    running: 'yellow',
    interrupted: 'red',
    succeeded: 'green',
    failed: 'red',
    cancelled: 'yellow',
  } as const;
  const header = ['RUN', 'PIPELINE', 'STATUS', 'STARTED', 'TIME', 'TASKS', 'CACHED', 'NAME'];
  const rows = runs.map((run) => [
    run.runId,
    run.pipeline,
    paint(colours[run.status], run.status),
    run.startedAt.slice(0, 19).replace('T', ' '),
    run.endedAt === undefined ? '' : formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
    String(run.tasks),
    String(run.cached),
    run.displayName ?? '',
  ]);
  return formatTable([header.map((text) => paint('dim', text)), ...rows]);
}
