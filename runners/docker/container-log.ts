/** A container's log as the engine keeps it: from its start, whole, and on to its end. */
import type Dockerode from 'dockerode';
import type { AttemptSink } from '../../engine/ports.ts';
import type { SecretMask } from '../../executor/secret-mask.ts';
import { taskLog, type TaskLog } from '../../executor/task-log.ts';

export interface ContainerLog {
  /** Reads until the container's output ends; resolves once its lines are in the sink. */
  follow(): Promise<void>;
  /** Reads what is there once more and takes what is new: for a log that broke off. */
  catchUp(): Promise<void>;
  /** Stops following. */
  stop(): void;
  /** The last line that was not empty. */
  readonly last: string;
}

/**
 * Makes a container's log.
 * @param notes lines that come before the container's own; `sink.kept` counts them too
 */
export function containerLog(
  container: Dockerode.Container,
  sink: AttemptSink,
  secrets: SecretMask,
  notes: readonly string[],
): ContainerLog {
  let told = sink.kept;
  let last = '';
  let stream: Stream | undefined;
  const stopped = new AbortController();

  /** Each reading begins at the start, and counts the lines that were told already. */
  const reading = (): Reading => {
    let line = 0;
    const take = (text: string): void => {
      if (text.trim() !== '') last = text;
      if (line++ < told) return;
      told = line;
      sink.line(text);
    };
    notes.forEach(take);
    // A line belongs to one of the two streams, whatever the other prints meanwhile.
    return frameReader(taskLog({ line: take }, secrets), taskLog({ line: take }, secrets));
  };
  return {
    async follow() {
      const opened = (await container.logs({ follow: true, stdout: true, stderr: true })) as Stream;
      stream = opened;
      const output = reading();
      if (stopped.signal.aborted) return opened.destroy();
      // An error before the container's end is told by whoever waits for that end; the lines are read again then.
      const whole = await new Promise<boolean>((resolve) => {
        opened.on('data', (chunk: Buffer) => output.take(chunk));
        opened.once('end', () => resolve(true));
        opened.once('error', () => resolve(false));
        opened.once('close', () => resolve(false));
      });
      if (whole && !stopped.signal.aborted) output.end();
    },
    async catchUp() {
      const output = reading();
      const bytes = await container.logs({ follow: false, stdout: true, stderr: true });
      output.take(bytes);
      output.end();
    },
    stop() {
      stopped.abort();
      stream?.destroy();
    },
    get last() {
      return last;
    },
  };
}

type Stream = NodeJS.ReadableStream & { destroy(): void };

interface Reading {
  take(chunk: Buffer): void;
  end(): void;
}

const headerBytes = 8;

/**
 * Takes Docker's frames apart: a byte for the stream, three empty ones, the length in four, then the output.
 * dockerode's own reader calls itself once a frame, which is too deep for a log of many short ones.
 */
function frameReader(stdout: TaskLog, stderr: TaskLog): Reading {
  let held: Buffer = Buffer.alloc(0);
  return {
    take(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let at = 0;
      while (bytes.length - at >= headerBytes) {
        const end = at + headerBytes + bytes.readUInt32BE(at + 4);
        if (bytes.length < end) break;
        (bytes[at] === 2 ? stderr : stdout).write(bytes.subarray(at + headerBytes, end));
        at = end;
      }
      held = Buffer.from(bytes.subarray(at));
    },
    end() {
      stdout.end();
      stderr.end();
    },
  };
}
