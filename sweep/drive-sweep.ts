/** Drives a sweep: makes one or takes it up where its log ends, and goes on until it is done. */
import {
  createSlots,
  type EnginePorts,
  type Failure,
  type Observer,
  type RunState,
} from '../engine/index.ts';
import { InfrastructureError } from '../errors/index.ts';
import type { CompiledPipeline } from '../spec/index.ts';
import type { NewSweepEvent, SweepEvent, TrialOutcome } from './events.ts';
import { runIdOf } from './identity.ts';
import { readMetric } from './metric.ts';
import { isOrdered, nextOf, type Next } from './next.ts';
import { runTrial } from './run-trial.ts';
import type { SweepStore } from './sweep-store.ts';
import {
  applyToSweep,
  foldSweep,
  statusOf,
  type SweepState,
  type Trial,
  type TrialRun,
} from './sweep-state.ts';
import { watchTrial, type TrialWatch } from './trial-watch.ts';

export interface SweepObserver {
  /** Called after each event of the sweep. */
  changed(event: SweepEvent, state: SweepState): void;
  /** Gives what watches the run of a trial. */
  watch(trial: number, rung: number): Observer;
}

export interface SweepDrive {
  readonly sweepId: string;
  readonly compiled: CompiledPipeline;
  readonly store: SweepStore;
  readonly ports: EnginePorts;
  readonly observer: SweepObserver;
  /** Most attempts at a time, of all trials together. */
  readonly concurrency: number;
  /** What is written first: that the sweep is made, or taken up. */
  readonly first: NewSweepEvent;
  /** Aborted to cancel what runs and end; the sweep can be taken up again. */
  readonly signal: AbortSignal;
  /** Removes what a run left on its platform. */
  readonly tidy: (state: RunState) => Promise<void>;
}

/**
 * Drives a sweep until it ends or is interrupted.
 * @throws InfrastructureError FER9106 where another driver took it over
 */
export async function driveSweep(drive: SweepDrive): Promise<SweepState> {
  const { sweepId, store, ports, observer } = drive;
  const history = await store.events(sweepId);
  let state = foldSweep(history);
  let number = history.length;
  let writing: Promise<unknown> = Promise.resolve();
  const record = (event: NewSweepEvent): Promise<SweepState> => {
    const written = writing.then(async () => {
      const stamped: SweepEvent = { ...event, at: new Date(ports.clock.now()).toISOString() };
      if ((await store.append(sweepId, number, stamped)) === 'conflict') throw takenOver(sweepId);
      number += 1;
      state = applyToSweep(state, stamped);
      if (state === undefined) throw takenOver(sweepId);
      observer.changed(stamped, state);
      return state;
    });
    writing = written.catch(() => undefined);
    return written;
  };

  let current = await record(drive.first);
  const release = new AbortController();
  const slots = createSlots(drive.concurrency);
  const under = new Map<number, Promise<void>>();
  const since = ports.clock.now();
  const timeIsUp = (): boolean =>
    ports.clock.now() - since >= 1000 * (current.plan.time ?? Number.POSITIVE_INFINITY);
  const go = (trial: Trial, run: TrialRun): void => {
    const work = conduct(drive, current, trial, run, { record, slots, release: release.signal }).then(
      (next) => {
        current = next ?? current;
        under.delete(trial.number);
      },
    );
    // What it throws is met where all of them are awaited.
    work.catch(() => undefined);
    under.set(trial.number, work);
  };
  try {
    const open = current.trials.filter((one) => statusOf(one) === 'running');
    while (!drive.signal.aborted) {
      current = state ?? current;
      const [left] = open;
      if (left !== undefined && under.size < current.plan.parallel) {
        open.shift();
        const run = left.runs.at(-1);
        if (run !== undefined) go(left, run);
        continue;
      }
      if (left !== undefined) {
        await Promise.race(under.values());
        continue;
      }
      const next = nextOf(current, timeIsUp());
      if (next.kind === 'end') return await record({ kind: 'sweep-ended', reason: next.reason });
      if (next.kind === 'wait' && under.size === 0) return current;
      if (next.kind === 'wait') {
        await Promise.race(under.values());
        continue;
      }
      current = await record(startOf(current, next));
      const trial = current.trials[next.trial];
      const run = trial?.runs[next.rung];
      if (trial !== undefined && run !== undefined) go(trial, run);
    }
    await Promise.all(under.values());
    return state ?? current;
  } catch (error) {
    // Whatever it is, another driver may go on: what runs is let go of.
    release.abort();
    await Promise.allSettled(under.values());
    throw error;
  }
}

function takenOver(sweepId: string): InfrastructureError {
  return new InfrastructureError('FER9106', {
    problem: `another process took the sweep ${sweepId} over`,
    fix: `watch it there, or look at it here: ferrule sweep --show ${sweepId}`,
    retryable: false,
  });
}

function startOf({ sweepId, plan }: SweepState, next: Extract<Next, { kind: 'start' }>): NewSweepEvent {
  const { trial, rung, configuration } = next;
  const { halving } = plan;
  const amount = halving?.rungs[rung];
  const resource = halving === undefined || amount === undefined ? {} : { [halving.resource]: amount };
  const parameters = { ...plan.fixed, ...configuration, ...resource };
  return {
    kind: 'trial-started',
    trial,
    rung,
    runId: runIdOf(sweepId, trial, rung),
    configuration,
    parameters,
  };
}

interface Conductor {
  readonly record: (event: NewSweepEvent) => Promise<SweepState>;
  readonly slots: ReturnType<typeof createSlots>;
  readonly release: AbortSignal;
}

/** Takes one run of a trial to its end, and records that; undefined where it was interrupted and has none. */
async function conduct(
  drive: SweepDrive,
  state: SweepState,
  trial: Trial,
  run: TrialRun,
  { record, slots, release }: Conductor,
): Promise<SweepState | undefined> {
  const { plan, sweepId } = state;
  const { rung, runId, parameters } = run;
  const began = drive.ports.clock.now();
  for (let retries = run.retries; ; retries++) {
    const stop = new AbortController();
    const watch = watchTrial({
      early: plan.early,
      others: othersOf(state, trial.number, rung),
      onStop: () => stop.abort(),
      observer: drive.observer.watch(trial.number, rung),
    });
    const ended = await runTrial(
      {
        compiled: drive.compiled,
        runId,
        parameters,
        labels: { sweep: sweepId, trial: String(trial.number), ...(rung > 0 && { rung: String(rung) }) },
        displayName: `${sweepId} ${trial.number}${rung > 0 ? ` rung ${rung}` : ''}`,
        concurrency: drive.concurrency,
        again: retries > run.retries || run.retries > 0,
      },
      drive.ports,
      { observer: watch, slots, signal: AbortSignal.any([drive.signal, stop.signal]), release },
    );
    if (ended.status === 'running') return undefined;
    await drive.tidy(ended);
    const outcome = outcomeOf(ended, watch, plan.metric.from);
    // A run that was interrupted with the sweep has no end: it goes on with it.
    if (drive.signal.aborted && ended.status === 'cancelled' && outcome.kind !== 'stopped') return undefined;
    if (outcome.kind === 'failed' && retries < plan.retries && ended.status === 'failed') {
      await record({ kind: 'trial-retried', trial: trial.number, rung, failure: outcome.failure });
      continue;
    }
    const [curve, reported] = [watch.curve(), watch.reportedInstead()];
    return record({
      kind: 'trial-ended',
      trial: trial.number,
      rung,
      outcome,
      seconds: Math.round((drive.ports.clock.now() - began) / 10) / 100,
      ...(curve.length > 0 && { curve }),
      ...(reported !== undefined && { reported }),
    });
  }
}

/** The curves that a trial is held against: of those that it was proposed by, on the same rung. */
function othersOf(state: SweepState, number: number, rung: number): readonly TrialRun['curve'][] {
  const known = isOrdered(state)
    ? state.trials.slice(0, Math.max(0, number - state.window + 1))
    : state.trials;
  return known.flatMap((trial) => {
    const run = trial.number === number ? undefined : trial.runs[rung];
    return run?.outcome === undefined || run.curve.length === 0 ? [] : [run.curve];
  });
}

function outcomeOf(state: RunState, watch: TrialWatch, from: string): TrialOutcome {
  const verdict = watch.verdict();
  if (state.status === 'succeeded') {
    const found = readMetric(state, from);
    if (found.kind === 'found') return { kind: 'succeeded', value: found.value };
    return failed('FER9104', found.problem, 'a component must give it in every trial: see docs/sweeps.md');
  }
  if (state.status === 'cancelled' && verdict !== undefined) {
    const { step, reason, value } = verdict;
    return { kind: 'stopped', step, reason, value };
  }
  if (state.failure !== undefined && state.status === 'failed')
    return { kind: 'failed', failure: state.failure };
  return failed(
    'FER9104',
    `its run ${state.runId} was cancelled`,
    `take it up: ferrule resume ${state.runId}`,
  );
}

function failed(code: Failure['code'], problem: string, fix: string): TrialOutcome {
  return { kind: 'failed', failure: { code, kind: 'user', problem, fix, retryable: false } };
}
