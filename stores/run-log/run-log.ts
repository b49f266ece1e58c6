import { InfrastructureError, UserError, messageOf } from '../../errors/index.ts';
import { logVersion, type LogEntry, type RunLog } from '../../engine/ports.ts';
import type { ObjectStore } from '../objects/object-store.ts';

/** How many entries are read ahead. */
const readAhead = 16;

/** Keeps the log of one run as `<folder>/<seq>.json`. */
export function runLog(objects: ObjectStore, folder: string): RunLog {
  const nameOf = (seq: number): string => `${String(seq).padStart(8, '0')}.json`;
  const keyOf = (seq: number): string => `${folder}/${nameOf(seq)}`;
  return {
    async append(entry) {
      const outcome = await objects.create(keyOf(entry.seq), `${JSON.stringify(entry)}\n`);
      return outcome === 'created' ? 'appended' : 'conflict';
    },
    async *read(from) {
      const names = await objects.names(folder, nameOf(from));
      const last = Number.parseInt(names.at(-1) ?? '', 10);
      for (let at = from; at <= last; at += readAhead) {
        const length = Math.min(readAhead, last - at + 1);
        const keys = Array.from({ length }, (_, index) => keyOf(at + index));
        const found = await Promise.all(keys.map((key) => objects.read(key)));
        for (const [index, object] of found.entries()) {
          if (object === undefined) return;
          yield readEntry(object.content, keys[index] ?? folder);
        }
      }
    },
  };
}

function readEntry(content: string, key: string): LogEntry {
  let entry: LogEntry;
  try {
    entry = JSON.parse(content) as LogEntry;
  } catch (error) {
    throw new InfrastructureError('FER5005', {
      problem: `the log entry ${key} does not read: ${messageOf(error)}`,
      fix: 'a power cut may have cut it: remove the file if it is the last of its folder, then `ferrule resume`',
      retryable: false,
      cause: error,
    });
  }
  if (entry.version > logVersion)
    throw new UserError('FER5005', {
      problem: `the log entry ${key} has version ${entry.version}; this Ferrule reads up to ${logVersion}`,
      fix: 'use the newer Ferrule that wrote it',
    });
  return entry;
}
