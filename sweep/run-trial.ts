/** Runs one trial: an ordinary run of the engine, made once, and taken up where it was left. */
import {
  foldRun,
  eventsOf,
  resumeRun,
  startRun,
  type EnginePorts,
  type Observer,
  type RunState,
  type Slots,
} from '../engine/index.ts';
import { checkParameters, type CompiledPipeline, type JsonValue } from '../spec/index.ts';

export interface TrialRequest {
  readonly compiled: CompiledPipeline;
  readonly runId: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly displayName: string;
  readonly concurrency: number;
  /** Whether a run that failed is taken up again, rather than told as it is. */
  readonly again: boolean;
}

export interface TrialControl {
  readonly observer: Observer;
  readonly slots: Slots;
  /** Aborted to cancel the run. */
  readonly signal: AbortSignal;
  /** Aborted to let go of the run. */
  readonly release: AbortSignal;
}

/** Runs a trial to its end, or finds the end that it had. */
export async function runTrial(
  request: TrialRequest,
  ports: EnginePorts,
  control: TrialControl,
): Promise<RunState> {
  const { compiled, runId, parameters, labels, displayName, concurrency, again } = request;
  const { observer, slots, signal, release } = control;
  const own = { ...ports, observer };
  const options = { slots, signal, release };
  const events = (await ports.runs.spec(runId)) === undefined ? [] : await eventsOf(ports.runs.log(runId));
  if (events.length === 0)
    return startRun(
      {
        compiled,
        runId,
        parameters: checkParameters(compiled.spec, parameters),
        caching: 'on',
        concurrency,
        labels,
        displayName,
      },
      own,
      options,
    );
  const before = foldRun(events);
  if (before.status === 'failed' && !again) return before;
  return resumeRun(runId, own, options);
}
