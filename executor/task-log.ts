/** Turns the bytes that a process prints into lines with secrets masked. */
import { StringDecoder } from 'node:string_decoder';
import type { SecretMask } from './secret-mask.ts';

/** A line longer than this is broken, so that a task that prints no line break cannot fill the memory. */
const longestLine = 1 << 20;

/** The log of one task. */
export interface TaskLog {
  write(chunk: Buffer): void;
  /** Gives out what was held back: a last line without a break. */
  end(): void;
}

/** Takes lines without their break. */
interface LineSink {
  line(text: string): void;
}

/** Makes the log of one task, or of one of its two streams. */
export function taskLog(sink: LineSink, secrets: SecretMask): TaskLog {
  const decoder = new StringDecoder('utf8');
  // Masked before it is cut into lines: a secret may hold a line break.
  const mask = secrets.stream();
  let open = '';
  const take = (text: string): void => {
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) sink.line(line.endsWith('\r') ? line.slice(0, -1) : line);
    while (open.length > longestLine) {
      sink.line(open.slice(0, longestLine));
      open = open.slice(longestLine);
    }
  };
  return {
    write: (chunk) => take(mask.push(decoder.write(chunk))),
    end() {
      take(mask.push(decoder.end()) + mask.flush());
      if (open !== '') sink.line(open);
      open = '';
    },
  };
}
