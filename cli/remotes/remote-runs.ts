/** Commands on runs of other backends: list, show, cancel, logs, retry, archive, delete. */
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../errors/index.ts';
import { hasEnded, type RemoteRun, type RemoteStatus, type RunService } from '../../remotes/ports.ts';
import { exitStatus } from '../drive.ts';
import { printJson } from '../print-json.ts';
import { resolveSettings } from '../settings.ts';
import { followRemoteRun, remoteFacts } from './follow-remote-run.ts';
import { remoteRunsTable, remoteRunText, type NamedArtifact } from './remote-run-text.ts';
import { openRuns, type OpenedRuns, type RemoteFlags } from './open-runs.ts';

/** Lists the newest runs. */
export function listRemoteRuns(
  options: RemoteFlags & { readonly limit: number; readonly status?: string },
): Promise<void> {
  const wanted = statusOf(options.status);
  return withRuns(options, async ({ runs: service }) => {
    const runs: RemoteRun[] = [];
    for await (const run of allRuns(service))
      if ((wanted === undefined || run.status === wanted) && runs.push(run) >= options.limit) break;
    say(options, runs, () => remoteRunsTable(runs, `no such run at ${service.address}`));
  });
}

/** Shows a run with its tasks and artifacts; with `wait` until it has ended. */
export function showRemoteRun(
  name: string,
  options: RemoteFlags & { readonly wait?: boolean; readonly poll?: number },
): Promise<void> {
  return withRuns(options, async (opened) => {
    const { runs } = opened;
    const run = await runs.get(await findRemoteRun(name, runs));
    if (options.wait === true) {
      const pause = Math.max(0.1, options.poll ?? 5) * 1000;
      const follow = { json: options.json === true, pause };
      process.exitCode = await followRemoteRun(runs, run, strangerOf(run, runs.backend), follow);
      return;
    }
    const artifacts = await artifactsOf(run, opened);
    say(options, { ...run, ...remoteFacts(runs, run), artifacts }, () => remoteRunText(run, artifacts));
  });
}

/** Asks a backend to cancel a run. */
export function cancelRemoteRun(name: string, options: RemoteFlags): Promise<void> {
  return withRuns(options, async ({ runs }) => {
    const { id, status } = await runs.get(await findRemoteRun(name, runs));
    const asked = !hasEnded(status);
    if (asked) await runs.cancel(id);
    const words = asked
      ? `run ${id} will be cancelled`
      : `run ${id} has already ${status === 'cancelled' ? 'been ' : ''}${status}`;
    say(options, { runId: id, status, asked }, () => words);
  });
}

/** Starts again what failed of a run of KFP, keeping what is done. */
export function retryRemoteRun(name: string, options: RemoteFlags): Promise<void> {
  return inKfp(options, 'trying a run again', async ({ runs }) => {
    const id = await findRemoteRun(name, runs);
    await runs.retry(id);
    say(options, { runId: id, status: 'pending' }, () => `run ${id} is tried again`);
  });
}

/** Puts a run of KFP out of its lists, or back. */
export function archiveRemoteRun(name: string, options: RemoteFlags, away: boolean): Promise<void> {
  return inKfp(options, 'archiving runs', async ({ runs }) => {
    const id = await findRemoteRun(name, runs);
    await (away ? runs.archive(id) : runs.unarchive(id));
    say(options, { runId: id, archived: away }, () => `run ${id} ${away ? 'archived' : 'brought back'}`);
  });
}

/** Removes a run from a backend; what it wrote stays. */
export function deleteRemoteRun(name: string, options: RemoteFlags): Promise<void> {
  return withRuns(options, async ({ runs }) => {
    const { id, status } = await runs.get(await findRemoteRun(name, runs));
    if (!hasEnded(status))
      throw new UserError('FER8007', {
        problem: `the run ${id} is ${status}: deleted, it would go on with nobody to see it`,
        fix: `end it first: ferrule cancel ${id} --backend ${options.backend}`,
      });
    await runs.delete(id);
    say(options, { kind: 'deleted', runId: id }, () => `run ${id} deleted; what it wrote stays`);
  });
}

/** Milliseconds between two looks at logs that grow. */
const pause = 2000;

/** Prints what the tasks of a run of KFP printed; with `follow` until the run has ended, with its exit status. */
export function remoteLogs(
  name: string,
  task: string | undefined,
  options: RemoteFlags & { readonly follow?: boolean },
): Promise<void> {
  return inKfp(options, 'reading logs', async ({ runs, http }) => {
    const { kfpTaskLog } = await import('../../remotes/kfp/task-log.ts');
    const id = await findRemoteRun(name, runs);
    const printed = new Map<string, number>();
    for (;;) {
      const run = await runs.get(id);
      const tasks = run.tasks.filter((one) => task === undefined || one.name === task || one.id === task);
      // A run that has not begun has no tasks yet.
      if (task !== undefined && tasks.length === 0 && (options.follow !== true || hasEnded(run.status)))
        throw new UserError('FER8004', {
          problem: `the run ${id} has no task "${task}"`,
          fix: `it has ${run.tasks.map((one) => one.name).join(', ') || 'none yet'}`,
        });
      for (const one of tasks.filter(({ status }) => status !== 'pending')) {
        const text = await kfpTaskLog(http, id, one.id).catch((error: unknown) => {
          // Groups and what was left out print nothing, and a pod may be gone or not be there yet.
          const isAbsent = error instanceof UserError && error.code === 'FER8004';
          if (isAbsent && (task === undefined || options.follow === true)) return '';
          throw error;
        });
        const whole = hasEnded(one.status) ? text.length : text.lastIndexOf('\n') + 1;
        const lines = text.slice(printed.get(one.id) ?? 0, whole).split('\n');
        if (lines.at(-1) === '') lines.pop();
        printed.set(one.id, Math.max(whole, printed.get(one.id) ?? 0));
        for (const line of lines)
          process.stdout.write(task === undefined ? `${one.name} | ${line}\n` : `${line}\n`);
      }
      if (options.follow !== true) return;
      if (hasEnded(run.status)) {
        process.exitCode =
          run.status === 'cancelled' ? exitStatus.cancelled : run.status === 'failed' ? exitStatus.failed : 0;
        return;
      }
      await wait(pause);
    }
  });
}

async function withRuns(options: RemoteFlags, work: (opened: OpenedRuns) => Promise<void>): Promise<void> {
  const opened = await openRuns(resolveSettings('.', undefined), options);
  try {
    await work(opened);
  } finally {
    await opened.runs.close();
  }
}

function inKfp(
  options: RemoteFlags,
  what: string,
  work: (opened: Extract<OpenedRuns, { readonly kind: 'kfp' }>) => Promise<void>,
): Promise<void> {
  return withRuns(options, async (opened) => {
    if (opened.kind === 'kfp') return work(opened);
    throw new UserError('FER8014', {
      problem: `Vertex AI has no API for ${what}`,
      fix:
        what === 'reading logs'
          ? 'Cloud Logging has them: `ferrule show` prints the page of the run'
          : 'submit it again',
    });
  });
}

function say(options: RemoteFlags, json: unknown, text: () => string): void {
  if (options.json === true) printJson(json);
  else process.stdout.write(`${text()}\n`);
}

async function* allRuns(service: RunService): AsyncGenerator<RemoteRun> {
  let pageToken: string | undefined;
  do {
    const page = await service.list({ pageSize: 50, ...(pageToken !== undefined && { pageToken }) });
    yield* page.runs;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** How many of the newest runs a part of a name is looked for in. */
const searched = 200;

/**
 * Finds the id of the run that a text means: the whole id, its start, the name of the run, or `latest`.
 * @throws UserError FER8004 where there is none, or more than one
 */
async function findRemoteRun(text: string, service: RunService): Promise<string> {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text;
  const fitting: string[] = [];
  let seen = 0;
  for await (const { id, name } of allRuns(service)) {
    if (text === 'latest' || id === text) return id;
    if (id.startsWith(text) || name === text) fitting.push(id);
    if (++seen >= searched) break;
  }
  const [only, ...others] = fitting;
  const list = `\`ferrule runs --backend ${service.backend}\` lists them`;
  // An older one may still be there under its whole id.
  if (only === undefined && seen >= searched) return text;
  if (only === undefined)
    throw new UserError('FER8004', {
      problem:
        text === 'latest'
          ? `there is no run at ${service.address} yet`
          : `there is no run "${text}" at ${service.address}`,
      fix: list,
    });
  if (others.length > 0)
    throw new UserError('FER8004', {
      problem: `"${text}" may mean ${fitting.slice(0, 5).join(', ')}`,
      fix: list,
    });
  return only;
}

async function artifactsOf(run: RemoteRun, opened: OpenedRuns): Promise<readonly NamedArtifact[]> {
  const all = run.tasks.flatMap(({ name, artifacts }) =>
    Object.entries(artifacts).flatMap(([output, places]) =>
      places.map((place) => ({ task: name, output, place })),
    ),
  );
  if (opened.kind !== 'kfp') return all.map(({ place, ...rest }) => ({ ...rest, uri: place }));
  const { kfpArtifacts } = await import('../../remotes/kfp/artifacts.ts');
  const found = await kfpArtifacts(opened.http, [...new Set(all.map(({ place }) => place))]);
  const byId = new Map(found.map((artifact) => [artifact.id, artifact]));
  return all.map(({ place, ...rest }) => {
    const { uri, type } = byId.get(place) ?? {};
    return { ...rest, id: place, ...(uri !== undefined && { uri }), ...(type !== undefined && { type }) };
  });
}

/** What is known of a pipeline that somebody else started: its tasks show as they begin. */
function strangerOf({ name }: RemoteRun, backend: string) {
  const spec = {
    pipelineInfo: { name },
    deploymentSpec: {},
    root: { dag: { tasks: {} } },
    schemaVersion: '2.1.0',
  };
  return { compiled: { spec }, parameters: {}, backend };
}

const statuses: readonly RemoteStatus[] = [
  'pending',
  'running',
  'paused',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
];

function statusOf(text: string | undefined): RemoteStatus | undefined {
  const found = statuses.find((status) => status === text);
  if (text === undefined || found !== undefined) return found;
  throw new UserError('FER1002', {
    problem: `"${text}" is no status of a run elsewhere`,
    fix: `write ${statuses.join(', ')}`,
  });
}
