import { bestTrial, foldSweep, sweepStore, valueOf, type SweepState } from '../../sweep/index.ts';
import { openStores } from '../compose.ts';
import { printJson } from '../print-json.ts';
import type { Settings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { formatNumber } from '../units.ts';
import { endWords } from './sweep-words.ts';

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
  const rows = known.map((state) => {
    const best = valueOfBest(state);
    return [
      state.sweepId,
      state.startedAt.slice(0, 19).replace('T', ' '),
      `${state.trials.length} of ${state.plan.trials}`,
      best === null ? '–' : formatNumber(best),
      state.end === undefined ? 'not ended' : endWords(state.end, state),
    ];
  });
  process.stdout.write(`${formatTable([['SWEEP', 'STARTED', 'TRIALS', 'BEST', 'END'], ...rows])}\n`);
}

function valueOfBest(state: SweepState): number | null {
  const best = bestTrial(state);
  return best === undefined ? null : (valueOf(best) ?? null);
}
