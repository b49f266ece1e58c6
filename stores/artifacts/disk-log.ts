import { open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AttemptLog } from '../../engine/ports.ts';
import { errnoOf, storeError } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import type { LogReader } from './log-reader.ts';

/** Opens the log of an attempt in one file, which appears with the first line. */
export async function openDiskLog(path: string, isNew = false): Promise<AttemptLog> {
  const there = isNew ? { lines: 0, bytes: 0 } : await linesIn(path);
  let waiting: string[] = [];
  let failure: unknown;
  let writing: Promise<void> = Promise.resolve();
  let file: FileHandle | undefined;
  const flush = async (): Promise<void> => {
    // Lines that came while an earlier piece was written go out together.
    const text = waiting.join('');
    waiting = [];
    if (text === '' || failure !== undefined) return;
    try {
      file ??= await openForMore(path, there.bytes);
      await file.appendFile(text);
    } catch (error) {
      failure ??= error;
    }
  };
  return {
    kept: there.lines,
    line(text) {
      waiting.push(`${text}\n`);
      if (waiting.length === 1) writing = writing.then(flush);
    },
    async close() {
      await writing;
      await file?.close();
      if (failure !== undefined) throw storeError(failure, `writing ${path}`);
    },
  };
}

/** Reads a log in one file, each time what came since the last. */
export function diskLogReader(path: string): LogReader {
  let at = 0;
  return {
    async next() {
      try {
        const whole = await readFile(path);
        const more = whole.subarray(at, whole.lastIndexOf(0x0a) + 1);
        at += more.length;
        return more.toString('utf8');
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return undefined;
        throw storeError(error, `reading ${path}`);
      }
    },
  };
}

/** Counts whole lines: a driver that died may have left half of one. */
async function linesIn(path: string): Promise<{ readonly lines: number; readonly bytes: number }> {
  const whole = await readFile(path).catch(() => Buffer.alloc(0));
  let lines = 0;
  let bytes = 0;
  for (let at = whole.indexOf(0x0a); at !== -1; at = whole.indexOf(0x0a, at + 1)) {
    lines += 1;
    bytes = at + 1;
  }
  return { lines, bytes };
}

async function openForMore(path: string, bytes: number): Promise<FileHandle> {
  await makeFolder(dirname(path));
  const file = await open(path, 'a');
  if ((await file.stat()).size > bytes) await file.truncate(bytes);
  return file;
}
