/** What `--json` prints of a sweep. */
import type { JsonValue } from '../../spec/index.ts';
import {
  bestTrial,
  resultOfTrial,
  statusOf,
  trialsBestFirst,
  valueOf,
  type SweepState,
  type Trial,
} from '../../sweep/index.ts';
import type { ResultFiles } from './sweep-files.ts';

interface TrialResult {
  readonly trial: number;
  readonly status: ReturnType<typeof statusOf>;
  readonly value: number | null;
  readonly configuration: Readonly<Record<string, JsonValue>>;
  readonly runs: readonly {
    readonly runId: string;
    readonly rung: number;
    readonly seconds?: number;
    readonly retries: number;
  }[];
  readonly reason?: string;
  readonly error?: { readonly code: string; readonly problem: string; readonly fix?: string };
}

/** Writes a sweep as its result: trials best first. */
export function sweepResult(state: SweepState, interrupted: boolean, files: ResultFiles): object {
  const { plan, sweepId, pipeline, end } = state;
  const best = bestTrial(state);
  const status = interrupted
    ? 'interrupted'
    : end === undefined
      ? 'running'
      : best === undefined
        ? 'failed'
        : 'succeeded';
  return {
    sweepId,
    pipeline,
    status,
    ...(end !== undefined && { reason: end }),
    metric: plan.metric,
    best:
      best === undefined
        ? null
        : {
            trial: best.number,
            value: valueOf(best),
            parameters: resultOfTrial(best)?.parameters,
            runId: resultOfTrial(best)?.runId,
          },
    trials: trialsBestFirst(state).map(trialResult),
    files,
  };
}

function trialResult(trial: Trial): TrialResult {
  const outcome = trial.runs.at(-1)?.outcome;
  return {
    trial: trial.number,
    status: statusOf(trial),
    value: valueOf(trial) ?? null,
    configuration: trial.configuration,
    runs: trial.runs.map(({ runId, rung, seconds, retries }) => ({
      runId,
      rung,
      retries,
      ...(seconds !== undefined && { seconds }),
    })),
    ...(outcome?.kind === 'stopped' && { reason: outcome.reason }),
    ...(outcome?.kind === 'failed' && {
      error: {
        code: outcome.failure.code,
        problem: outcome.failure.problem,
        ...(outcome.failure.fix !== undefined && { fix: outcome.failure.fix }),
      },
    }),
  };
}
