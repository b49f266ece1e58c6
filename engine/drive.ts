/** Drives runs: starts one, or takes one up where its log ends. */
import { UserError } from '../errors/index.ts';
import type { CompiledPipeline } from '../spec/index.ts';
import { checkPipeline } from './check/check.ts';
import { createRun } from './create-run.ts';
import type { LogEntry, RunEvent } from './events.ts';
import { failureOf } from './failure.ts';
import { executeTask } from './tasks/execute-task.ts';
import { loadExpressions } from './graph/expressions.ts';
import type { TaskNode } from './graph/graph.ts';
import { openJournal, type Journal } from './journal.ts';
import { leftOutWarnings, rootOf, rootWarning } from './tasks/left-out.ts';
import { createMachine, type NewEvent } from './graph/machine.ts';
import { released, type EnginePorts } from './ports.ts';
import type { DriveOptions, RunRequest } from './request.ts';
import type { RunContext } from './run-context.ts';
import { startFold, type RunState } from './run-state.ts';
import { createSlots } from './slots.ts';

/** Most lookups in the cache at a time: they wait for the store, not for a processor. */
const lookupsAtATime = 32;

/**
 * Starts a run and drives it to its end. A task that fails is part of the state, not an error.
 * @throws UserErrors before anything starts, for a pipeline that cannot run here
 * @throws InfrastructureError FER4005 where another driver took the run over
 */
export async function startRun(
  request: RunRequest,
  ports: EnginePorts,
  options: DriveOptions = {},
): Promise<RunState> {
  const started = await createRun(request, ports);
  return drive(request.runId, request.compiled, none(), started, ports, options);
}

/**
 * Starts a run for another driver: its log says that it was started, and nothing is executed. Whoever resumes it
 * drives it.
 * @throws UserErrors for a pipeline that cannot run on this runner
 */
export async function submitRun(request: RunRequest, ports: EnginePorts): Promise<void> {
  const started = await createRun(request, ports);
  const journal = openJournal({
    runId: request.runId,
    driver: ports.ids.unique(),
    log: ports.runs.log(request.runId),
    seq: 0,
    machine: createMachine(request.compiled, rootOf(ports)),
    clock: ports.clock,
    observer: ports.observer,
    execute: () => undefined,
  });
  await journal.record(started);
}

/**
 * Takes a run up where its log ends, and drives it to its end. One that succeeded is returned as it is; one that
 * failed or was cancelled goes on with what did not succeed.
 * @throws UserError FER4003 where there is no such run
 */
export async function resumeRun(
  runId: string,
  ports: EnginePorts,
  options: DriveOptions = {},
): Promise<RunState> {
  const compiled = await ports.runs.spec(runId);
  if (compiled === undefined)
    throw new UserError('FER4003', {
      problem: `there is no run "${runId}" to resume`,
      fix: 'see what there is: ferrule runs',
    });
  await loadExpressions(compiled.spec);
  checkPipeline(compiled, ports.runner);
  const history = ports.runs.log(runId).read(0);
  return drive(
    runId,
    compiled,
    history,
    { kind: 'run-resumed', runId, runner: ports.runner.name },
    ports,
    options,
  );
}

/** Drives a run from where its log stands to its end. */
async function drive(
  runId: string,
  compiled: CompiledPipeline,
  history: AsyncIterable<LogEntry>,
  first: NewEvent,
  ports: EnginePorts,
  options: DriveOptions,
): Promise<RunState> {
  const machine = createMachine(compiled, rootOf(ports));
  const fold = startFold();
  const remember = (event: RunEvent): void => fold.apply(event);
  let seq = 0;
  for await (const entry of history) {
    seq += 1;
    for (const event of entry.events) {
      machine.apply(event);
      remember(event);
      ports.observer.history?.(event);
    }
  }
  if (fold.state().status === 'succeeded') return fold.state();
  if (seq > 0 && options.heedCancel !== true) await ports.runs.forgetCancel(runId);

  const driver = ports.ids.unique();
  const stop = new AbortController();
  const stopExit = new AbortController();
  const working = new Set<Promise<void>>();
  let contextOf: ((stopping: AbortController) => RunContext) | undefined;
  const journal: Journal = openJournal({
    runId,
    driver,
    log: ports.runs.log(runId),
    seq,
    machine,
    clock: ports.clock,
    observer: {
      event(event) {
        remember(event);
        ports.observer.event(event);
      },
    },
    execute(effect) {
      if (effect.kind === 'cancel') (effect.again ? stopExit : stop).abort();
      // Exit tasks outlive a cancel: a second one ends them.
      else if (contextOf !== undefined)
        track(execute(effect.node, contextOf(effect.node.exit ? stopExit : stop)));
    },
  });
  const track = (work: Promise<void>): void => {
    // A task that cannot be recorded has lost its log, which ends the run by itself.
    const tracked = work.catch(() => undefined);
    working.add(tracked);
    void tracked.then(() => working.delete(tracked));
  };
  const recorded = machine.started();
  const request = first.kind === 'run-started' ? first : recorded;
  if (request === undefined)
    throw new UserError('FER4003', {
      problem: `the run "${runId}" has not begun: its log is empty`,
      fix: 'start it anew, under another id',
    });
  const attempts = options.slots ?? createSlots(options.concurrency ?? request.concurrency);
  const lookups = createSlots(lookupsAtATime);
  contextOf = ({ signal }) => ({
    ports,
    compiled,
    get facts() {
      return machine.facts();
    },
    fingerprintOf: (task) => fold.task(task)?.fingerprint,
    caching: request.caching,
    journal,
    attempts,
    lookups,
    // Each task has one of its own: thousands may listen at a time, of which Node.js would warn.
    signal: AbortSignal.any([signal]),
  });
  let cancels = 0;
  const cancel = (reason: string): void => {
    cancels += 1;
    if (cancels <= 2) track(journal.record({ kind: 'cancel-requested', reason }));
  };
  const over = new AbortController();
  const seconds = deadlineOf(compiled);
  if (seconds !== undefined)
    void ports.clock.sleep(1000 * seconds, over.signal).then(() => {
      const reason = `the run took longer than the ${seconds} s that its pipeline gives it`;
      if (!over.signal.aborted) track(journal.record({ kind: 'cancel-requested', reason, deadline: true }));
    });
  const leave = await ports.runs.attend(runId, driver);
  const unwatch = watchForCancel(runId, ports, options.signal, cancel);
  try {
    await journal.record(
      first,
      ...(seq === 0 ? [...leftOutWarnings(compiled, ports.runner), ...rootWarning(compiled, ports)] : []),
    );
    await Promise.race([journal.ended, letGo(options.release, over.signal)]);
  } finally {
    unwatch();
    over.abort();
    // Where the run has no end yet, another driver has it, or will have it: attempts that it cannot take over end.
    journal.close();
    stop.abort(released);
    stopExit.abort(released);
    // Attempts that still run are ended before anyone is told that the run is.
    while (working.size > 0) await Promise.all(working);
    await leave();
  }
  return fold.state();
}

/** The longest that a timer of Node.js can wait, in seconds. */
const longestTimer = 2_147_483;

/** Reads how long the pipeline may run on, in seconds; a run that is taken up gets all of it again. */
function deadlineOf({ platform }: CompiledPipeline): number | undefined {
  const seconds = Number(platform?.platforms.kubernetes?.pipelineConfig?.activeDeadlineSeconds ?? 0);
  return seconds > 0 && seconds < longestTimer ? seconds : undefined;
}

/** Executes a task; what it cannot explain itself is a failure of the task, not the end of the driver. */
async function execute(node: TaskNode, context: RunContext): Promise<void> {
  try {
    await executeTask(node, context);
  } catch (error) {
    await context.journal.record({ kind: 'task-failed', task: node.path, failure: failureOf(error) });
  }
}

/** Resolves once this driver is to let go of the run; listens until the run is over. */
async function letGo(given: AbortSignal | undefined, over: AbortSignal): Promise<void> {
  if (given?.aborted === true) return;
  const release = ownSignal(given);
  await new Promise<void>((resolve) => {
    release?.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}

/** Makes a signal that is aborted with another: of many listeners at one signal Node.js warns, however right they are. */
function ownSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  return signal && AbortSignal.any([signal]);
}

/** The history of a run that begins. */
async function* none(): AsyncGenerator<LogEntry> {}

/** Listens for a cancel from this process and from anywhere else. */
function watchForCancel(
  runId: string,
  ports: EnginePorts,
  given: AbortSignal | undefined,
  cancel: (reason: string) => void,
): () => void {
  const signal = ownSignal(given);
  const unwatch = ports.runs.watchCancel(runId, cancel);
  const here = (): void => cancel('cancelled where it was started');
  if (signal?.aborted === true) here();
  else signal?.addEventListener('abort', here, { once: true });
  return () => {
    unwatch();
    signal?.removeEventListener('abort', here);
  };
}
