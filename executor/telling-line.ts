/** The line of a log that says why a program failed. */

/** `ValueError: no images`, at the beginning of a line; those of a traceback before it are indented. */
const exception = /^[A-Za-z_][\w.]*(?:: |$)/;

/**
 * Finds the line that tells most: of a Python traceback the exception, else the last one. Standard output and standard
 * error reach a log each in its own time, so that a traceback need not be at its end.
 * @param lines the last of a log
 */
export function tellingLine(lines: readonly string[]): string {
  const traceback = lines.findLastIndex((line) => line.includes('Traceback (most recent call last)'));
  const thrown = traceback < 0 ? undefined : lines.slice(traceback + 1).find((line) => exception.test(line));
  return thrown ?? lines.findLast((line) => line.trim() !== '') ?? '';
}
