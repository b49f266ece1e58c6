import { paintFor } from './color.ts';

/** Writes what is no error and should be known to standard error, one line each. */
export function tellWarnings(warnings: readonly string[]): void {
  const paint = paintFor(process.stderr, process.env);
  for (const warning of warnings) process.stderr.write(`${paint('yellow', 'warning')}: ${warning}\n`);
}
