/** Commands on runs of other backends: list, show, cancel, retry, archive, delete. */
import { UserError } from '../../errors/index.ts';
import { hasEnded, type RemoteRun, type RemoteStatus } from '../../remotes/ports.ts';
import { printJson } from '../print-json.ts';
import { allRuns, findRemoteRun } from './find-remote-run.ts';
import { followRemoteRun, remoteFacts } from './follow-remote-run.ts';
import { remoteRunsTable, remoteRunText, type NamedArtifact } from './remote-run-text.ts';
import { inKfp, withRuns, type OpenedRuns, type RemoteFlags } from './open-runs.ts';

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

function say(options: RemoteFlags, json: unknown, text: () => string): void {
  if (options.json === true) printJson(json);
  else process.stdout.write(`${text()}\n`);
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
