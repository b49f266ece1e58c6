import { hostname } from 'node:os';
import type { Driver, RunStore } from '../../engine/ports.ts';
import type { ObjectStore } from '../objects/object-store.ts';

export interface AttendancePace {
  /** How often a driver says that it is there, in milliseconds. */
  readonly beat: number;
  /** A driver that has said nothing for so many milliseconds is taken for dead. */
  readonly silence: number;
}

/**
 * Keeps who drives a run, one object a driver. It is for people and for `resume` to ask before they interfere; that
 * two drivers do no harm is promised by the log alone. So nothing of it may fail a run.
 * @param folderOf where the drivers of a run are kept
 */
export function attendance(
  objects: ObjectStore,
  folderOf: (runId: string) => string,
  { beat, silence }: AttendancePace,
): Pick<RunStore, 'attend' | 'driverOf'> {
  return {
    async attend(runId, driver) {
      const key = `${folderOf(runId)}/${driver}`;
      let beats = 0;
      const contentOf = (): string =>
        JSON.stringify({ host: hostname(), pid: process.pid, since, beats } satisfies Content);
      const say = async (content: string): Promise<void> => {
        const before = await objects.read(key);
        if (before === undefined) await objects.create(key, content);
        else await objects.replace(key, before.version, content);
      };
      let saying = say(contentOf()).catch(ignore);
      const timer = setInterval(() => {
        beats += 1;
        saying = saying.then(() => say(contentOf())).catch(ignore);
      }, beat);
      timer.unref();
      await saying;
      return async () => {
        clearInterval(timer);
        await saying;
        await objects.remove(key).catch(ignore);
      };
    },
    async driverOf(runId) {
      const folder = folderOf(runId);
      for (const name of await objects.names(folder)) {
        const [object, seenAt] = await Promise.all([
          objects.read(`${folder}/${name}`),
          objects.writtenAt(`${folder}/${name}`),
        ]);
        if (object === undefined || seenAt === undefined || Date.now() - seenAt > silence) continue;
        const said = readContent(object.content);
        if (said !== undefined && (said.host !== hostname() || isThere(said))) return said;
      }
      return undefined;
    },
  };
}

/** Milliseconds since 1970. */
const since = Math.round(performance.timeOrigin);

interface Said extends Driver {
  /** When the process began; older ones did not say. */
  readonly since?: number;
}

interface Content extends Said {
  /** Makes each content another, so that each is written. */
  readonly beats: number;
}

/** Reads what a driver said; undefined where a power cut left half of it. */
function readContent(text: string): Said | undefined {
  try {
    const { host, pid, since: began } = JSON.parse(text) as Content;
    return { host, pid, ...(began !== undefined && { since: began }) };
  } catch {
    return undefined;
  }
}

/** Asks the system at once, instead of waiting for the silence of a process that was killed. */
function isThere({ pid, since: began = since }: Said): boolean {
  // In a container that was started again, this process has the number of the one before it.
  if (pid === process.pid) return began === since;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function ignore(): void {}
