import { UserError } from '../../errors/index.ts';
import type { RunListing, RunStore } from '../../engine/ports.ts';
import { isPathName, type CompiledPipeline } from '../../spec/index.ts';
import { mapBounded } from '../locations/bounded.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { attendance, type AttendancePace } from './attendance.ts';
import { runLog } from './run-log.ts';

/** How many runs are looked at at a time. */
const readAtOnce = 32;

/** How often what is kept is looked at, and said anew, in milliseconds. */
export interface RunStorePace extends AttendancePace {
  /** How often a driver looks for a request to cancel. */
  readonly cancelPoll: number;
}

/** For a store that costs nothing to ask. */
const folderPace: RunStorePace = { cancelPoll: 500, beat: 3000, silence: 15_000 };

let latest = 0;

/** Tells the time in milliseconds since 1970; later at each call, so that runs of one process keep their order. */
function nextMoment(): number {
  latest = Math.max(Date.now(), latest + 0.001);
  return latest;
}

/** Keeps runs as `runs/<id>/{spec.json,log/,control/}`. */
export function runStore(objects: ObjectStore, pace: RunStorePace = folderPace): RunStore {
  const folderOf = (runId: string): string => {
    if (!isPathName(runId) || runId.length > 63)
      throw new UserError('FER4004', {
        problem: `"${runId}" cannot be the id of a run`,
        fix: 'use letters, digits and "-", at most 63',
      });
    return `runs/${runId}`;
  };
  // A copy of a root has new times on its files, in any order: when a run was made is written down.
  const createdKey = (runId: string): string => `${folderOf(runId)}/control/created`;
  /** The first request to cancel, and the second, which is the last that says anything new. */
  const cancelKeys = (runId: string): readonly [string, string] => [
    `${folderOf(runId)}/control/cancel`,
    `${folderOf(runId)}/control/cancel-again`,
  ];
  return {
    ...attendance(objects, (runId) => `${folderOf(runId)}/control/drivers`, pace),
    async create(runId, compiled) {
      const outcome = await objects.create(`${folderOf(runId)}/spec.json`, JSON.stringify(compiled));
      if (outcome === 'created') await objects.create(createdKey(runId), `${nextMoment()}`);
      return outcome;
    },
    async spec(runId) {
      const object = await objects.read(`${folderOf(runId)}/spec.json`);
      return object === undefined ? undefined : (JSON.parse(object.content) as CompiledPipeline);
    },
    log: (runId) => runLog(objects, `${folderOf(runId)}/log`),
    async list() {
      const names = await objects.names('runs');
      const found = await mapBounded(names.filter(isPathName), readAtOnce, async (runId) => {
        const created = Number((await objects.read(createdKey(runId)))?.content ?? NaN);
        if (Number.isFinite(created)) return [{ runId, createdAt: created }];
        const writtenAt = await objects.writtenAt(`runs/${runId}/spec.json`);
        return writtenAt === undefined ? [] : [{ runId, createdAt: writtenAt }];
      });
      const listings: RunListing[] = found.flat();
      return listings.sort((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? 1 : -1));
    },
    async requestCancel(runId, reason) {
      const [first, again] = cancelKeys(runId);
      if ((await objects.create(first, reason)) === 'exists') await objects.create(again, reason);
    },
    async forgetCancel(runId) {
      for (const key of cancelKeys(runId)) await objects.remove(key);
    },
    watchCancel(runId, onCancel) {
      const awaited: string[] = [...cancelKeys(runId)];
      let stopped = false;
      let timer: NodeJS.Timeout | undefined;
      const look = async (): Promise<void> => {
        const [key] = awaited;
        if (key === undefined) return;
        // A store that cannot be read now is asked again: its trouble shows where the run writes.
        const request = await objects.read(key).catch(() => undefined);
        if (stopped) return;
        if (request !== undefined) {
          awaited.shift();
          onCancel(request.content);
        }
        timer = setTimeout(() => void look(), pace.cancelPoll);
        timer.unref();
      };
      void look();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
