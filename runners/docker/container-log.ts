/** A container's log as the engine keeps it: from its start, whole, and on to its end. */
import type Dockerode from 'dockerode';
import type { AttemptSink } from '../../engine/ports.ts';
import { LastWords } from '../../executor/last-words.ts';
import type { SecretMask } from '../../executor/secret-mask.ts';
import { taskLog, type TaskLog } from '../../executor/task-log.ts';

export interface ContainerLog {
  /** Passes lines on as they come, until the container has ended or the engine is gone. */
  follow(): Promise<void>;
  /**
   * Reads all there is and passes on what is new, a last line without a break too. An engine may stop following
   * before the last words of a container that ended are written, so that only this is the whole of them.
   */
  finish(): Promise<void>;
  /** Stops following. */
  stop(): void;
  readonly lastWords: LastWords;
}

/** Lines that are kept to tell how a container ended: Node.js prints some twenty where its heap is full. */
const tailLength = 40;

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
  let lastWords = new LastWords(tailLength);
  let stream: Stream | undefined;

  /** Each reading begins at the start, and counts the lines that were told already. */
  const reading = (): Reading => {
    let line = 0;
    const words = new LastWords(tailLength);
    lastWords = words;
    const take = (text: string): void => {
      words.take(text);
      if (line++ < told) return;
      told = line;
      sink.line(text);
    };
    notes.forEach(take);
    // A line belongs to one of the two streams, whatever the other prints meanwhile.
    return frameReader(taskLog({ line: take }, secrets), taskLog({ line: take }, secrets));
  };
  const read = async (): Promise<Reading> => {
    const opened = (await container.logs({ follow: true, stdout: true, stderr: true })) as Stream;
    stream = opened;
    const output = reading();
    await new Promise<void>((resolve) => {
      opened.on('data', (chunk: Buffer) => output.take(chunk));
      for (const event of ['end', 'error', 'close']) opened.once(event, () => resolve());
    });
    return output;
  };
  return {
    follow: async () => void (await read()),
    // Of a container that has ended, the engine gives the whole log and no more.
    finish: async () => (await read()).end(),
    stop() {
      stream?.destroy();
    },
    get lastWords() {
      return lastWords;
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
