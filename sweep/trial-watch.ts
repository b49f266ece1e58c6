/** Follows what a trial reports, and judges it by that. */
import type { Observer, RunEvent } from '../engine/index.ts';
import type { StepReport } from '../spec/index.ts';
import { judge, type Curve, type Verdict } from './early-stopping.ts';
import { lossOf, type EarlyStopping } from './plan.ts';

type Stop = Extract<Verdict, { kind: 'stop' }>;

export interface TrialWatch extends Observer {
  /** What it reported of the figure that it is judged by. */
  curve(): readonly StepReport[];
  /**
   * The figures that it reported, as `task.figure`, where the one that it is judged by is not among them; undefined where
   * it is, and where its task came from the cache and so reported nothing.
   */
  reportedInstead(): readonly string[] | undefined;
  /** The judgement that ended it. */
  verdict(): (Stop & { readonly value: number | null }) | undefined;
}

export interface WatchOptions {
  readonly early: EarlyStopping | undefined;
  /** The curves of trials that it is held against. */
  readonly others: readonly (readonly StepReport[])[];
  readonly onStop: () => void;
  /** Sees all that happens besides. */
  readonly observer: Observer;
}

export function watchTrial({ early, others, onStop, observer }: WatchOptions): TrialWatch {
  const [task = '', figure = ''] = early === undefined ? [] : splitFigure(early.from);
  const against = early === undefined ? [] : others.map((reports) => curveOf(reports, figure, early));
  let reports: StepReport[] = [];
  const figures = new Set<string>();
  let cached = false;
  let verdict: (Stop & { readonly value: number | null }) | undefined;
  const take = (event: RunEvent): void => {
    if (event.kind === 'attempt-reported')
      for (const name of Object.keys(event.values)) figures.add(`${event.task}.${name}`);
    if (early === undefined || !('task' in event) || event.task !== task) return;
    if (event.kind === 'cache-checked') cached = event.decision === 'hit';
    // Another attempt begins anew.
    if (event.kind === 'attempt-started') reports = [];
    if (event.kind !== 'attempt-reported' || !Object.hasOwn(event.values, figure)) return;
    const value = event.values[figure] ?? null;
    reports.push({ step: event.step, values: { [figure]: value } });
    if (verdict !== undefined) return;
    const judged = judge(early, curveOf(reports, figure, early), against);
    if (judged.kind !== 'stop') return;
    verdict = { ...judged, value };
    onStop();
  };
  return {
    curve: () => reports,
    reportedInstead: () =>
      early === undefined || cached || reports.length > 0 ? undefined : [...figures].toSorted(),
    verdict: () => verdict,
    event(event) {
      take(event);
      observer.event(event);
    },
    history(event) {
      take(event);
      observer.history?.(event);
    },
    log: (line) => observer.log(line),
  };
}

function splitFigure(from: string): readonly [string, string] {
  const at = from.indexOf('.');
  return [from.slice(0, at), from.slice(at + 1)];
}

function curveOf(reports: readonly StepReport[], figure: string, goal: EarlyStopping): Curve {
  return reports
    .map(({ step, values }) => {
      const value = values[figure];
      const loss = value === undefined || value === null ? Number.POSITIVE_INFINITY : lossOf(value, goal);
      return { step, loss };
    })
    .toSorted((a, b) => a.step - b.step);
}
