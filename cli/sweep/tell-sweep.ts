/** Tells what came of a sweep: a table, one JSON object, and files. */
import { join, relative } from 'node:path';
import { UserError } from '../../errors/index.ts';
import {
  bestTrial,
  firstFailure,
  resultOfTrial,
  statusOf,
  trialsBestFirst,
  valueOf,
  warningsOfState,
  type SweepState,
  type Trial,
} from '../../sweep/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { printJson } from '../print-json.ts';
import { formatValue } from '../progress/summary.ts';
import type { Settings } from '../settings.ts';
import { tellWarnings } from '../tell-warnings.ts';
import { formatTable } from '../table.ts';
import { formatNumber } from '../units.ts';
import type { FoundSweep } from './find-sweep.ts';
import { writeResults, type ResultFiles } from './sweep-files.ts';
import { sweepResult } from './sweep-result.ts';
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
  if (options.json === true) printJson(sweepResult(state, interrupted === true, files));
  else
    process.stdout.write(
      `\n${textOf(state, files, interrupted === true, paintFor(process.stdout, process.env))}\n`,
    );
  tellWarnings(warningsOfState(state));
  if (interrupted === true) {
    process.stderr.write(`go on with it: ferrule sweep --resume ${sweepId}\n`);
    return 130;
  }
  const failure = firstFailure(state);
  if (bestTrial(state) !== undefined || failure === undefined) return 0;
  const error = new UserError('FER9108', {
    problem: `no trial of ${sweepId} succeeded; the first one failed with ${failure.code}: ${failure.problem}`,
    fix:
      failure.fix ??
      `mend what is wrong; the same command tries them again: ferrule sweep --resume ${sweepId}`,
  });
  // The object is printed already: a second one would be none.
  if (options.json === true) {
    process.stderr.write(`${error.code}  ${error.problem}\n`);
    return 1;
  }
  throw error;
}

/** Trials that the table shows. */
const mostShown = 25;

function textOf(state: SweepState, files: ResultFiles, interrupted: boolean, paint: Paint): string {
  const { plan, trials, sweepId } = state;
  const names = plan.space.map(({ name }) => name);
  const all = trialsBestFirst(state);
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
