/** What runs look like, read from their logs: each entry once, as long as the run is looked at. */
import {
  startFold,
  watchInputs,
  type InputWatch,
  type RunState,
  type TaskState,
} from '../../engine/index.ts';
import type { RunFold } from '../../engine/run-state.ts';
import type { RunRow } from '../store/tables.ts';
import type { Specs } from '../store/specs.ts';
import type { Benches } from './benches.ts';

export interface RunView {
  readonly state: RunState;
  task(path: string): TaskState | undefined;
  readonly inputs: InputWatch;
}

export interface Views {
  /** Reads a run up to the end of its log. */
  of(run: Pick<RunRow, 'run_id' | 'root' | 'spec_digest'>): Promise<RunView>;
}

/** How many runs are remembered. */
const remembered = 100;

interface Reading {
  readonly fold: RunFold;
  readonly inputs: InputWatch;
  seq: number;
  /** The reading that goes on: two at once would take an entry twice. */
  turn: Promise<void>;
}

export function openViews(benches: Benches, specs: Specs): Views {
  const readings = new Map<string, Promise<Reading>>();
  const begin = async (digest: string): Promise<Reading> => ({
    fold: startFold(),
    inputs: await watchInputs(await specs.read(digest)),
    seq: 0,
    turn: Promise.resolve(),
  });
  return {
    async of({ run_id: runId, root, spec_digest: digest }) {
      const begun = readings.get(runId) ?? begin(digest);
      // The one that was looked at last is forgotten last.
      readings.delete(runId);
      readings.set(runId, begun);
      begun.catch(() => readings.delete(runId));
      const [oldest] = readings.keys();
      if (readings.size > remembered && oldest !== undefined) readings.delete(oldest);
      const reading = await begun;
      const read = async (): Promise<void> => {
        const { ports } = await benches.open(root);
        for await (const entry of ports.runs.log(runId).read(reading.seq)) {
          reading.seq = entry.seq + 1;
          for (const event of entry.events) {
            reading.fold.apply(event);
            reading.inputs.apply(event);
          }
        }
      };
      reading.turn = reading.turn.then(read, read);
      await reading.turn;
      const { fold, inputs } = reading;
      return { state: fold.state(), task: (path) => fold.task(path), inputs };
    },
  };
}
