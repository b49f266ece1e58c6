import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogSink } from '../../engine/ports.ts';
import { storeError } from '../failure.ts';

/** Opens the log of an attempt. The file appears with the first line. */
export function openAttemptLog(path: string): LogSink & { close(): Promise<void> } {
  let waiting: string[] = [];
  let failure: unknown;
  let writing: Promise<void> = Promise.resolve();
  let stream: ReturnType<typeof createWriteStream> | undefined;
  const flush = async (): Promise<void> => {
    // Lines that came while an earlier piece was written go out together.
    const text = waiting.join('');
    waiting = [];
    if (text === '' || failure !== undefined) return;
    try {
      if (stream === undefined) {
        await mkdir(dirname(path), { recursive: true });
        stream = createWriteStream(path, { flags: 'a' });
        stream.on('error', (error) => (failure ??= error));
      }
      await new Promise<void>((resolve, reject) => {
        stream?.write(text, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      failure ??= error;
    }
  };
  return {
    line(text) {
      waiting.push(`${text}\n`);
      if (waiting.length === 1) writing = writing.then(flush);
    },
    async close() {
      await writing;
      await new Promise<void>((resolve) => (stream === undefined ? resolve() : stream.end(resolve)));
      if (failure !== undefined) throw storeError(failure, `writing ${path}`);
    },
  };
}
