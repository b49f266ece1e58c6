/** The end of a program's log, and the line of it that says why the program failed. */

/** `ValueError: no images`, at the beginning of a line; those of a traceback before it are indented. */
const exception = /^[A-Za-z_][\w.]*(?:: |$)/;

/**
 * Takes a log line by line, and remembers its end. Standard output and standard error reach a log each in its own
 * time, so that a Python traceback may come any number of lines before the end.
 */
export class LastWords {
  /** The last lines, empty ones left out. */
  lines: readonly string[] = [];
  readonly #length: number;
  #trace: 'none' | 'open' | { readonly thrown: string } = 'none';

  /** @param length how many lines are kept */
  constructor(length: number) {
    this.#length = length;
  }

  take(line: string): void {
    if (line.trim() === '') return;
    this.lines = [...this.lines.slice(1 - this.#length), line];
    if (line.includes('Traceback (most recent call last)')) this.#trace = 'open';
    else if (this.#trace === 'open' && exception.test(line)) this.#trace = { thrown: line };
  }

  /** The line that tells most: of a Python traceback the exception, else the last one; empty where there is none. */
  get telling(): string {
    return typeof this.#trace === 'object' ? this.#trace.thrown : (this.lines.at(-1) ?? '');
  }
}

/** Takes the end of a log that was kept as a whole. */
export function lastWordsOf(lines: readonly string[]): LastWords {
  const words = new LastWords(Math.max(1, lines.length));
  for (const line of lines) words.take(line);
  return words;
}
