/** `ferrule sweep`: makes a sweep or goes on with one, shows it while it goes on, and writes what came of it. */
import { checkPipeline, loadExpressions } from '../../engine/index.ts';
import { messageOf, UserError } from '../../errors/index.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import {
  budgetOf,
  driveSweep,
  foldSweep,
  makePlan,
  secondsOf,
  statusOf,
  sweepIdOf,
  sweepStore,
  warningsOfPlan,
  withFlags,
  type NewSweepEvent,
  type SweepFlags,
  type SweepPlan,
  type SweepState,
} from '../../sweep/index.ts';
import { concurrencyOf, openStores, openWorkbench } from '../compose.ts';
import { listenForInterrupts } from '../drive.ts';
import { readRun } from '../find-run.ts';
import { readParameters } from '../parameters.ts';
import { chooseRunner, runnerKinds, type RunnerFlags, type RunnerKind } from '../runner-choice.ts';
import { newRunId } from '../run-id.ts';
import { resolveSettings, type Settings } from '../settings.ts';
import { tellWarnings } from '../tell-warnings.ts';
import { findSweep, refuseDriven } from './find-sweep.ts';
import { loadSweep } from './load-sweep.ts';
import { listSweeps } from './list-sweeps.ts';
import { tellSweep } from './tell-sweep.ts';
import { openSweepProgress } from './sweep-progress.ts';

export interface SweepOptions extends SweepFlags, RunnerFlags {
  readonly pipeline?: string;
  readonly param: readonly string[];
  readonly params?: string;
  readonly root?: string;
  readonly concurrency?: number;
  readonly resume?: string;
  readonly show?: string;
  readonly list?: boolean;
  readonly retryFailed?: boolean;
  readonly new?: boolean;
  readonly force?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/** Searches the parameters of a pipeline. */
export async function sweepCommand(file: string | undefined, options: SweepOptions): Promise<void> {
  const settings = resolveSettings(file ?? '.', options.root);
  if (options.list === true) return listSweeps(settings, options.json === true);
  if (options.show !== undefined) {
    const found = await findSweep(sweepStore((await openStores(settings)).objects), options.show);
    process.exitCode = await tellSweep(found, { settings, options });
    return;
  }
  const begun =
    options.resume === undefined
      ? await describedSweep(file, options, settings)
      : await resumedSweep(options.resume, options, settings);
  tellWarnings(warningsOfPlan(begun.plan));
  process.exitCode = await conductSweep(begun, options, settings);
}

/** A sweep that is to be made, or taken up. */
interface Begun {
  readonly sweepId: string;
  readonly compiled: CompiledPipeline;
  readonly plan: SweepPlan;
  /** The kind of runner that its trials ran on so far. */
  readonly runner?: RunnerKind;
}

async function describedSweep(
  file: string | undefined,
  options: SweepOptions,
  settings: Settings,
): Promise<Begun> {
  if (file === undefined)
    throw new UserError('FER9101', {
      problem: 'nothing says what to search',
      fix: 'name the description of a sweep, or a pipeline with --search and --metric; to go on: --resume SWEEP',
    });
  const { description, placeOf, loaded } = await loadSweep(file, options.pipeline, settings);
  if (options.runner !== undefined && options.runner !== 'local') tellWarnings(loaded.warnings);
  const { compiled } = loaded;
  const fixed = await readParameters(compiled.spec, options);
  const whole = withFlags(description, options);
  const plan = makePlan({ description: whole, spec: compiled.spec, fixed, placeOf });
  const sweepId = sweepIdOf(compiled, plan, options.new === true ? newRunId() : '');
  return { sweepId, compiled, plan };
}

async function resumedSweep(name: string, options: SweepOptions, settings: Settings): Promise<Begun> {
  const root = await openStores(settings);
  const { sweepId, compiled, state } = await findSweep(sweepStore(root.objects), name);
  const last = state.trials.at(-1)?.runs.at(-1)?.runId;
  const ranOn = last === undefined ? undefined : (await readRun(root.runs, last)).runner;
  const runner = runnerKinds.find((kind) => kind === ranOn);
  const changed = withFlags({ metric: state.plan.metric, parameters: {} }, options);
  const before = state.plan;
  const { budget, stop } = changed;
  const time = secondsOf(budget?.time) ?? before.time;
  const plan: SweepPlan = {
    ...before,
    trials: budget?.trials ?? before.trials,
    parallel: budget?.parallel ?? before.parallel,
    retries: changed.retries ?? before.retries,
    ...(time !== undefined && { time }),
    ...(stop?.target !== undefined && { target: stop.target }),
    ...(stop?.patience !== undefined && { patience: stop.patience }),
  };
  return { sweepId, compiled, plan, ...(runner !== undefined && { runner }) };
}

/** Drives the sweep to its end; gives the exit status. */
async function conductSweep(
  { sweepId, compiled, plan, runner: ranOn }: Begun,
  options: SweepOptions,
  settings: Settings,
): Promise<number> {
  const runner = await chooseRunner(options, settings, ranOn);
  const concurrency = concurrencyOf(runner, options.concurrency);
  const json = options.json === true;
  const silent = { event: () => undefined, log: () => undefined };
  const workbench = await openWorkbench(settings, silent, runner, concurrency);
  const cancel = new AbortController();
  const stopListening = listenForInterrupts(cancel, cancel);
  const progress = await openSweepProgress(json);
  try {
    const store = sweepStore(workbench.root.objects);
    await loadExpressions(compiled.spec);
    checkPipeline(compiled, workbench.ports.runner);
    const before = foldSweep(await store.events(sweepId));
    const first = firstOf(sweepId, compiled, plan, before, options.retryFailed === true);
    if (before !== undefined && options.force !== true) await refuseDriven(before, workbench.ports.runs);
    if (first === undefined) {
      process.stderr.write(`the sweep ${sweepId} has ended; --new makes another like it\n`);
      return before === undefined
        ? 0
        : await tellSweep({ sweepId, compiled, state: before }, { settings, options });
    }
    if (before !== undefined)
      process.stderr.write(`going on with ${sweepId}: ${before.trials.length} trials so far\n`);
    await store.create(sweepId, compiled);
    const state = await driveSweep({
      sweepId,
      compiled,
      store,
      ports: workbench.ports,
      observer: progress,
      concurrency,
      first,
      signal: cancel.signal,
      async tidy(ended) {
        try {
          await workbench.sweep(ended.runId, ended.status);
        } catch (error) {
          process.stderr.write(`${messageOf(error)}\n`);
        }
      },
    });
    progress.close();
    return await tellSweep(
      { sweepId, compiled, state },
      { settings, options, interrupted: cancel.signal.aborted },
    );
  } finally {
    progress.close();
    stopListening();
    await workbench.close();
  }
}

/** What is written first; undefined where there is nothing more to do. */
function firstOf(
  sweepId: string,
  compiled: CompiledPipeline,
  plan: SweepPlan,
  before: SweepState | undefined,
  retryFailed: boolean,
): NewSweepEvent | undefined {
  if (before === undefined)
    return { kind: 'sweep-started', sweepId, pipeline: compiled.spec.pipelineInfo.name, plan };
  const budget = budgetOf(plan);
  const same = JSON.stringify(budget) === JSON.stringify(budgetOf(before.plan));
  const failed = before.trials.some((trial) => statusOf(trial) === 'failed');
  // What had every trial fail may be over by now.
  const again = failed && (retryFailed || before.end === 'failures');
  // One that ran out of time gets as much again.
  if (before.end !== undefined && before.end !== 'time' && same && !again) return undefined;
  return { kind: 'sweep-resumed', budget, ...(again && { again }) };
}
