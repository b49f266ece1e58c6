import type { RunStore } from '../../engine/ports.ts';
import { UserError } from '../../errors/index.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { foldSweep, statusOf, type SweepState, type SweepStore } from '../../sweep/index.ts';

export interface FoundSweep {
  readonly sweepId: string;
  readonly compiled: CompiledPipeline;
  readonly state: SweepState;
}

/**
 * Finds the sweep that a text names: its whole name, the start or the end of it.
 * @throws UserError FER9105 where there is none, or more than one
 */
export async function findSweep(store: SweepStore, text: string): Promise<FoundSweep> {
  const names = await store.list();
  const fitting = names.includes(text)
    ? [text]
    : names.filter((name) => name.startsWith(text) || name.endsWith(text));
  const [only, ...others] = fitting;
  if (only === undefined) throw noSuch(`there is no sweep "${text}" under this root`);
  if (others.length > 0) throw noSuch(`"${text}" may mean ${fitting.slice(0, 5).join(', ')}`);
  const [compiled, events] = await Promise.all([store.spec(only), store.events(only)]);
  const state = foldSweep(events);
  if (compiled === undefined || state === undefined) throw noSuch(`the sweep ${only} has not begun`);
  return { sweepId: only, compiled, state };
}

function noSuch(problem: string): UserError {
  return new UserError('FER9105', {
    problem,
    fix: '`ferrule sweep --list` lists them; --root names another root',
  });
}

/**
 * Refuses to go on with a sweep while a process drives a trial of it.
 * @throws UserError FER9106
 */
export async function refuseDriven(state: SweepState, runs: RunStore): Promise<void> {
  for (const trial of state.trials.filter((one) => statusOf(one) === 'running')) {
    const runId = trial.runs.at(-1)?.runId;
    const driver = runId === undefined ? undefined : await runs.driverOf(runId);
    if (driver === undefined) continue;
    throw new UserError('FER9106', {
      problem: `the sweep ${state.sweepId} goes on: process ${driver.pid} on ${driver.host} drives its trial ${trial.number}`,
      fix: 'wait for its end, or end that process; --force takes the sweep over',
    });
  }
}
