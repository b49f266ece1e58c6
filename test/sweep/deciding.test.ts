import { describe, expect, it } from 'vitest';
import { judge } from '../../sweep/early-stopping.ts';
import { nextOf } from '../../sweep/next.ts';
import type { EarlyStopping, SweepPlan } from '../../sweep/plan.ts';
import {
  applyToSweep,
  bestTrial,
  foldSweep,
  rankedTrials,
  type SweepState,
} from '../../sweep/sweep-state.ts';
import type { SweepEvent, TrialOutcome } from '../../sweep/events.ts';

const at = '2026-01-01T00:00:00.000Z';
const plan: SweepPlan = {
  method: 'tpe',
  metric: { from: 'score', goal: 'maximize' },
  space: [{ name: 'x', dimension: { kind: 'number', low: 0, high: 1, log: false } }],
  fixed: {},
  seed: 1,
  trials: 30,
  parallel: 1,
  retries: 0,
};

function begun(changes: Partial<SweepPlan> = {}): SweepState {
  const state = foldSweep([
    { kind: 'sweep-started', at, sweepId: 's', pipeline: 'p', plan: { ...plan, ...changes } },
  ]);
  if (state === undefined) throw new Error('no state');
  return state;
}

function after(state: SweepState, ...events: readonly SweepEvent[]): SweepState {
  return events.reduce((folded, event) => applyToSweep(folded, event) ?? folded, state);
}

/** Starts what comes next. */
function start(state: SweepState): SweepState {
  const next = nextOf(state, false);
  if (next.kind !== 'start') throw new Error(`it would ${next.kind}`);
  const { trial, rung, configuration } = next;
  return after(state, {
    kind: 'trial-started',
    at,
    trial,
    rung,
    runId: `r${trial}-${rung}`,
    configuration,
    parameters: configuration,
  });
}

const end = (state: SweepState, trial: number, outcome: TrialOutcome, rung = 0): SweepState =>
  after(state, { kind: 'trial-ended', at, trial, rung, outcome });
const value = (score: number): TrialOutcome => ({ kind: 'succeeded', value: score });

describe('what a sweep does next', () => {
  it('hangs on numbers alone: whichever of two trials ends first, the next ones are the same', () => {
    const scores = [0.3, 0.9, 0.1, 0.7, 0.5, 0.2, 0.8];
    const forwards = begun({ parallel: 2 });
    const play = (state: SweepState, late: boolean): SweepState => {
      let now = start(start(state));
      const open = [0, 1];
      for (let number = 2; number < 20; number++) {
        // The younger one ends first wherever the next can start without the older.
        const first =
          late &&
          nextOf(end(now, open[1] ?? 0, value(scores[(open[1] ?? 0) % 7] ?? 0)), false).kind === 'start'
            ? 1
            : 0;
        const [ended = 0] = open.splice(first, 1);
        now = start(end(now, ended, value(scores[ended % 7] ?? 0)));
        open.push(number);
      }
      return now;
    };
    const configurations = (state: SweepState): unknown =>
      state.trials.map(({ configuration }) => configuration);
    expect(configurations(play(forwards, true))).toEqual(configurations(play(forwards, false)));
  });

  it('waits while as many trials run as may, and ends when all have', () => {
    const one = start(begun({ trials: 1 }));
    expect(nextOf(one, false)).toEqual({ kind: 'wait' });
    expect(nextOf(end(one, 0, value(1)), false)).toEqual({ kind: 'end', reason: 'trials' });
  });

  it('starts nothing once its time is up, and lets what runs come to its end', () => {
    const one = start(begun());
    expect(nextOf(one, true)).toEqual({ kind: 'wait' });
    expect(nextOf(end(one, 0, value(1)), true)).toEqual({ kind: 'end', reason: 'time' });
  });

  it('ends where every combination was tried', () => {
    const space: SweepPlan['space'] = [{ name: 'x', dimension: { kind: 'choice', values: [1, 2] } }];
    const both = [0, 1].reduce((state, trial) => end(start(state), trial, value(trial)), begun({ space }));
    expect(nextOf(both, false)).toEqual({ kind: 'end', reason: 'exhausted' });
  });

  it('has one in eta go on to the next rung, without waiting for the rest', () => {
    const halving = { resource: 'epochs', rungs: [1, 3, 9], eta: 3 };
    let state = begun({ halving, parallel: 2, method: 'random' });
    for (let trial = 0; trial < 3; trial++) state = end(start(state), trial, value(trial / 10));
    expect(nextOf(state, false)).toMatchObject({ kind: 'start', trial: 2, rung: 1 });
    state = start(state);
    // While it runs, another begins at the bottom.
    expect(nextOf(state, false)).toMatchObject({ kind: 'start', trial: 3, rung: 0 });
    state = end(state, 2, value(0.4), 1);
    expect(rankedTrials(state.trials, state.plan).map(({ number }) => number)).toEqual([2, 1, 0]);
  });

  it('takes trials up again that failed, where it is asked to', () => {
    const failure = { code: 'FER6001', kind: 'user', problem: 'no', retryable: false } as const;
    const failed = end(start(begun()), 0, { kind: 'failed', failure });
    expect(bestTrial(failed)).toBeUndefined();
    const { trials, parallel, retries } = plan;
    const again = after(failed, {
      kind: 'sweep-resumed',
      at,
      budget: { trials, parallel, retries },
      again: true,
    });
    expect(again.trials[0]?.runs[0]).toMatchObject({ retries: 1 });
    expect(again.trials[0]?.runs[0]?.outcome).toBeUndefined();
    expect(again.ended).toEqual([]);
  });
});

describe('judging a trial by what it reports', () => {
  const rule: EarlyStopping = {
    rule: 'median',
    from: 't.loss',
    goal: 'minimize',
    fromStep: 2,
    trials: 3,
    eta: 3,
  };
  const curve = (...losses: readonly number[]): { step: number; loss: number }[] =>
    losses.map((loss, index) => ({ step: index + 1, loss }));
  const others = [curve(5, 3, 1), curve(5, 4, 2), curve(5, 5, 3)];

  it('ends one that is worse than the median, not before the first step that counts', () => {
    expect(judge(rule, curve(9), others)).toEqual({ kind: 'go-on' });
    expect(judge(rule, curve(9, 4.5), others)).toMatchObject({ kind: 'stop', step: 2 });
    expect(judge(rule, curve(9, 3.5), others)).toEqual({ kind: 'go-on' });
  });

  it('judges none where too few came that far', () => {
    expect(judge(rule, curve(9, 9, 9, 9), others)).toEqual({ kind: 'go-on' });
    expect(judge(rule, curve(9, 9), others.slice(0, 2))).toEqual({ kind: 'go-on' });
  });

  it('takes what is no number for the worst', () => {
    expect(judge(rule, curve(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY), others)).toMatchObject({
      kind: 'stop',
    });
  });

  it('halves: only the best third goes on, at the steps of the rungs', () => {
    const halving: EarlyStopping = { ...rule, rule: 'halving', fromStep: 1, trials: 2 };
    const three = [curve(1, 1, 1), curve(2, 2, 2)];
    expect(judge(halving, curve(1.5), three)).toMatchObject({ kind: 'stop', step: 1 });
    expect(judge(halving, curve(0.5), three)).toEqual({ kind: 'go-on' });
    expect(judge(halving, curve(0.5, 9), three)).toEqual({ kind: 'go-on' });
  });
});
