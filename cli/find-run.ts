/** Finds a run by what a person types for it. */
import { eventsOf } from '../engine/events-of.ts';
import type { RunStore } from '../engine/ports.ts';
import { foldRun, type RunState } from '../engine/run-state.ts';
import { UserError } from '../errors/index.ts';
import { isRunId } from './run-id.ts';

/**
 * Finds the one run that `text` means: its whole name, the start or the end of it, or `latest`.
 * @throws UserError FER1003 where there is none, or more than one
 */
export async function findRun(runs: RunStore, text: string): Promise<string> {
  // A whole name costs one look; a list of all runs one for each of them.
  if (isRunId(text) && (await runs.spec(text)) !== undefined) return text;
  const names = (await runs.list()).map(({ runId }) => runId);
  if (text === 'latest') {
    const [latest] = names;
    if (latest === undefined) throw noSuch('there is no run under this root yet');
    return latest;
  }
  if (names.includes(text)) return text;
  const fitting = names.filter((name) => name.startsWith(text) || name.endsWith(text));
  const [only, ...others] = fitting;
  if (only === undefined) throw noSuch(`there is no run "${text}" under this root`);
  if (others.length > 0) throw noSuch(`"${text}" may mean ${fitting.slice(0, 5).join(', ')}`);
  return only;
}

function noSuch(problem: string): UserError {
  return new UserError('FER1003', { problem, fix: '`ferrule runs` lists them; --root names another root' });
}

/** A run whose log has no end and that nobody drives any more was interrupted. */
export type ShownStatus = RunState['status'] | 'interrupted';

/** Reads a run's state, and whether it goes on. */
export async function readShownRun(
  runs: RunStore,
  runId: string,
): Promise<{ readonly state: RunState; readonly status: ShownStatus }> {
  // Asked in this order, a run that ends meanwhile is not taken for one that was interrupted.
  const driver = await runs.driverOf(runId);
  const state = await readRun(runs, runId);
  const isDead = state.status === 'running' && driver === undefined && !awaitsDriver(state);
  return { state, status: isDead ? 'interrupted' : state.status };
}

/** Milliseconds in which a run that was handed to a cluster gets a driver: its image may have to be pulled. */
const handedOver = 5 * 60_000;

/** Whether nobody drives the run because the pod that will has not come yet. */
function awaitsDriver({ runner, startedAt, tasks }: RunState): boolean {
  const untouched = tasks.every(({ status }) => status === 'waiting' || status === 'ready');
  return runner === 'kubernetes' && untouched && Date.now() - Date.parse(startedAt) < handedOver;
}

/** Reads a run's state from its log. */
export async function readRun(runs: RunStore, runId: string): Promise<RunState> {
  return foldRun(await eventsOf(runs.log(runId)));
}
