import { readFileSync } from 'node:fs';
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
        JSON.stringify({
          host: hostname(),
          pid: process.pid,
          ...(since !== undefined && { since }),
          beats,
        } satisfies Content);
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

/** When a process began, in the system's own count; undefined where it is gone, or the system does not tell. */
function beginningOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const since = beginningOf(process.pid);

interface Said extends Driver {
  /** When the process began, where that was known. */
  readonly since?: string;
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
function isThere({ pid, since: began }: Said): boolean {
  // In a container that was started again, another has the number of the process that was killed, or of a thread of it.
  if (began !== undefined && since !== undefined) return beginningOf(pid) === began;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function ignore(): void {}
