import type { AttemptLog } from '../../engine/ports.ts';
import { mapBounded } from '../locations/bounded.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { LogReader } from './log-reader.ts';

/** A line is in the store so many milliseconds after it came, */
const flushAfter = 1000;
/** or sooner, once so many characters wait. */
const flushFrom = 64 * 1024;
/** How long to wait before what could not be written is tried again, in milliseconds. */
const tryAgainAfter = 5000;

const keyOf = (folder: string, chunk: number): string => `${folder}/${String(chunk).padStart(8, '0')}.txt`;

/** Opens the log of an attempt as chunks of a folder, created one after the other. */
export async function openBucketLog(
  objects: ObjectStore,
  folder: string,
  isNew = false,
): Promise<AttemptLog> {
  const before = isNew ? [] : await readChunks(objects, folder, 0);
  const text = before.map((chunk) => chunk.content).join('');
  let next = (before.at(-1)?.number ?? -1) + 1;
  let waiting: string[] = [];
  let size = 0;
  /** Lines to come that another driver has stored already. */
  let ahead = 0;
  let failure: unknown;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const take = (lines: string[]): void => {
    waiting = lines;
    size = waiting.reduce((sum, line) => sum + line.length, 0);
  };
  /** Stores what waits; tells whether there is more to store at once. */
  const flush = async (): Promise<boolean> => {
    const lines = waiting;
    if (lines.length === 0) return false;
    waiting = [];
    size = 0;
    const chunk = lines.join('');
    try {
      if ((await objects.create(keyOf(folder, next), chunk)) === 'exists') {
        // Another driver reads the same log, and came first: what it stored are the lines that come next here.
        const theirs = linesIn((await objects.read(keyOf(folder, next)))?.content ?? '');
        const ours = [...lines, ...waiting];
        ahead = Math.max(0, theirs - ours.length);
        take(ours.slice(theirs));
      }
      next += 1;
      failure = undefined;
    } catch (error) {
      failure = error;
      take([...lines, ...waiting]);
    }
    return waiting.length > 0 && failure === undefined;
  };
  const flushSoon = (milliseconds: number): void => {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      flushNow();
    }, milliseconds);
    timer.unref();
  };
  const flushNow = (): void => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(flush).then((more) => {
      if (waiting.length > 0) flushSoon(more ? flushAfter : tryAgainAfter);
    });
  };
  return {
    kept: linesIn(text),
    line(line) {
      if (ahead > 0) {
        ahead -= 1;
        return;
      }
      waiting.push(`${line}\n`);
      size += line.length + 1;
      if (size >= flushFrom && failure === undefined) flushNow();
      else flushSoon(flushAfter);
    },
    async close() {
      await writing;
      clearTimeout(timer);
      while (await flush());
      clearTimeout(timer);
      if (failure !== undefined) throw failure;
    },
  };
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** Reads a log in chunks, each time those that came since the last. */
export function bucketLogReader(objects: ObjectStore, folder: string): LogReader {
  let from = 0;
  return {
    async next() {
      const chunks = await readChunks(objects, folder, from);
      from = (chunks.at(-1)?.number ?? from - 1) + 1;
      return from === 0 ? undefined : chunks.map((chunk) => chunk.content).join('');
    },
  };
}

async function readChunks(
  objects: ObjectStore,
  folder: string,
  from: number,
): Promise<readonly { readonly number: number; readonly content: string }[]> {
  const names = await objects.names(folder, `${String(from).padStart(8, '0')}.txt`);
  const numbers = names.map((name) => Number.parseInt(name, 10)).filter((number) => number >= from);
  return mapBounded(numbers, 16, async (number) => ({
    number,
    content: (await objects.read(keyOf(folder, number)))?.content ?? '',
  }));
}
