/** Tells what came of a sweep: a table, one JSON object, and files. */
import { join, relative } from 'node:path';
import { UserError } from '../../errors/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import {
  bestTrial,
  firstFailure,
  foldSweep,
  rankedTrials,
  resultOfTrial,
  statusOf,
  sweepStore,
  valueOf,
  type SweepState,
  type Trial,
} from '../../sweep/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { openStores } from '../compose.ts';
import { makeOutputFolder, writeOutputFile } from '../output-file.ts';
import { printJson } from '../print-json.ts';
import { formatValue } from '../progress/summary.ts';
import type { Settings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { formatNumber } from '../units.ts';
import type { FoundSweep } from './find-sweep.ts';
import { parallelCoordinates } from './parallel-coordinates.ts';
import { sweepReport } from './sweep-report.ts';
import { countWords, endWords } from './sweep-words.ts';

export interface TellContext {
  readonly settings: Settings;
  readonly options: { readonly json?: boolean; readonly output?: string };
  /** Whether it was interrupted just now. */
  readonly interrupted?: boolean;
}

/**
 * Tells a sweep.
 * @returns the exit status: 0 where a trial succeeded, 130 where it was interrupted
 * @throws UserError FER9108 where all trials failed, with the first cause
 */
export async function tellSweep(
  found: FoundSweep,
  { settings, options, interrupted }: TellContext,
): Promise<number> {
  const { state, sweepId } = found;
  const folder = options.output ?? join(settings.projectRoot, '.ferrule', 'sweeps', sweepId);
  const files = await writeResults(state, folder);
  if (options.json === true) printJson(resultOf(state, interrupted === true, files));
  else
    process.stdout.write(
      `\n${textOf(state, files, interrupted === true, paintFor(process.stdout, process.env))}\n`,
    );
  if (interrupted === true) {
    process.stderr.write(`go on with it: ferrule sweep --resume ${sweepId}\n`);
    return 130;
  }
  const failure = firstFailure(state);
  if (bestTrial(state) !== undefined || failure === undefined) return 0;
  const error = new UserError('FER9108', {
    problem: `no trial of ${sweepId} succeeded; the first one failed with ${failure.code}: ${failure.problem}`,
    fix: failure.fix ?? 'mend the pipeline: what is changed makes another sweep',
  });
  // The object is printed already: a second one would be none.
  if (options.json === true) {
    process.stderr.write(`${error.code}  ${error.problem}\n`);
    return 1;
  }
  throw error;
}

interface ResultFiles {
  readonly best?: string;
  readonly picture?: string;
  readonly report: string;
}

async function writeResults(state: SweepState, folder: string): Promise<ResultFiles> {
  await makeOutputFolder(folder);
  const best = bestTrial(state);
  const picture = parallelCoordinates(state);
  const files: { best?: string; picture?: string; report: string } = { report: join(folder, 'report.html') };
  await writeOutputFile(files.report, sweepReport(state, picture));
  if (picture !== undefined) {
    files.picture = join(folder, 'parallel-coordinates.svg');
    await writeOutputFile(files.picture, `${picture}\n`);
  }
  const parameters = best === undefined ? undefined : resultOfTrial(best)?.parameters;
  if (parameters !== undefined) {
    files.best = join(folder, 'best.json');
    await writeOutputFile(files.best, `${JSON.stringify(parameters, null, 2)}\n`);
  }
  return files;
}

/** Trials that the table shows. */
const mostShown = 25;

function textOf(state: SweepState, files: ResultFiles, interrupted: boolean, paint: Paint): string {
  const { plan, trials, sweepId } = state;
  const names = plan.space.map(({ name }) => name);
  const ranked = rankedTrials(trials, plan);
  const all = [...ranked, ...trials.filter((trial) => !ranked.includes(trial))];
  const resource = plan.halving === undefined ? [] : [plan.halving.resource];
  const header = ['TRIAL', plan.metric.from, ...resource, ...names, 'STATUS', 'TIME', 'RUN'];
  const rows = all
    .slice(0, mostShown)
    .map((trial, rank) => rowOf(trial, names, plan.halving?.rungs, rank === 0, paint));
  const end = interrupted
    ? 'interrupted'
    : state.end === undefined
      ? 'it has not ended'
      : endWords(state.end, state);
  const best = bestTrial(state);
  return [
    formatTable([header.map((text) => paint('dim', text)), ...rows]),
    ...(all.length > mostShown
      ? [paint('dim', `and ${all.length - mostShown} more: ferrule sweep --show ${sweepId} --json`)]
      : []),
    '',
    `${paint('bold', sweepId)}  ${countWords(trials, statusOf)}; ${end}`,
    ...(best === undefined
      ? []
      : [
          `${paint(['bold', 'green'], `best: ${plan.metric.from} ${formatNumber(valueOf(best) ?? Number.NaN)}`)} in trial ${best.number}`,
        ]),
    ...(files.best === undefined
      ? []
      : [`  its parameters     ${short(files.best)}   (ferrule run ... --params FILE)`]),
    ...(files.picture === undefined ? [] : [`  the picture        ${short(files.picture)}`]),
    `  the whole report   ${short(files.report)}`,
  ].join('\n');
}

function rowOf(
  trial: Trial,
  names: readonly string[],
  rungs: readonly number[] | undefined,
  first: boolean,
  paint: Paint,
): readonly string[] {
  const value = valueOf(trial);
  const status = statusOf(trial);
  const run = resultOfTrial(trial) ?? trial.runs.at(-1);
  const figure = value === undefined ? '–' : formatNumber(value);
  const colour = { succeeded: 'green', stopped: 'yellow', failed: 'red', running: 'yellow' } as const;
  const amount = rungs?.[run?.rung ?? 0];
  return [
    String(trial.number),
    first && status === 'succeeded' ? paint('green', figure) : figure,
    ...(rungs === undefined ? [] : [amount === undefined ? '' : formatNumber(amount)]),
    ...names.map((name) => {
      const setting = trial.configuration[name];
      return setting === undefined ? '–' : formatValue(setting);
    }),
    paint(colour[status], status),
    run?.seconds === undefined ? '' : `${formatNumber(run.seconds)} s`,
    run?.runId ?? '',
  ];
}

function short(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

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

function resultOf(state: SweepState, interrupted: boolean, files: ResultFiles): object {
  const { plan, trials, sweepId, pipeline, end } = state;
  const ranked = rankedTrials(trials, plan);
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
    trials: [...ranked, ...trials.filter((trial) => !ranked.includes(trial))].map(trialResult),
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

/** Lists the sweeps under a root. */
export async function listSweeps(settings: Settings, json: boolean): Promise<void> {
  const root = await openStores(settings);
  const store = sweepStore(root.objects);
  const states = await Promise.all(
    (await store.list()).map(async (name) => foldSweep(await store.events(name))),
  );
  const known = states
    .flatMap((state) => (state === undefined ? [] : [state]))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  if (json) {
    printJson(
      known.map((state) => ({
        sweepId: state.sweepId,
        pipeline: state.pipeline,
        startedAt: state.startedAt,
        trials: state.trials.length,
        best: valueOfBest(state),
        ...(state.end !== undefined && { end: state.end }),
      })),
    );
    return;
  }
  if (known.length === 0) {
    process.stdout.write(`no sweep under ${root.uri}\n`);
    return;
  }
  const rows = known.map((state) => [
    state.sweepId,
    state.startedAt.slice(0, 19).replace('T', ' '),
    `${state.trials.length} of ${state.plan.trials}`,
    formatNumber(valueOfBest(state) ?? Number.NaN),
    state.end === undefined ? 'not ended' : endWords(state.end, state),
  ]);
  process.stdout.write(`${formatTable([['SWEEP', 'STARTED', 'TRIALS', 'BEST', 'END'], ...rows])}\n`);
}

function valueOfBest(state: SweepState): number | null {
  const best = bestTrial(state);
  return best === undefined ? null : (valueOf(best) ?? null);
}
