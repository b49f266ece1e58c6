/** How the command line reports an error that ended it. */
import { FerruleError, formatError, UserErrors, type Location } from '../errors/index.ts';
import { paintFor } from './color.ts';
import { printJson } from './print-json.ts';

/** An error as `--json` prints it. */
interface ErrorResult {
  readonly code: string;
  readonly problem: string;
  readonly fix?: string;
  readonly at?: Location;
}

/**
 * Writes an error to standard error and, for `--json`, an object to standard output.
 * @returns the exit status: 1
 */
export function reportFailure(error: unknown, json: boolean): number {
  const paint = paintFor(process.stderr, process.env);
  const errors = error instanceof UserErrors ? error.errors : [error];
  for (const one of errors) {
    const text = one instanceof FerruleError ? formatError(one) : formatUnknown(one);
    const [first = '', ...rest] = text.split('\n');
    process.stderr.write(`${paint('red', first)}\n${rest.map((line) => `${line}\n`).join('')}`);
  }
  if (errors.length > 1) process.stderr.write(`\n${errors.length} errors\n`);
  if (json) {
    const result = { runId: null, status: 'failed', outputs: {}, tasks: [], errors: errors.map(resultOf) };
    printJson(result);
  }
  return 1;
}

function resultOf(error: unknown): ErrorResult {
  if (!(error instanceof FerruleError)) return { code: 'FER4000', problem: formatUnknown(error) };
  const { code, problem, fix, at } = error;
  return { code, problem, ...(fix !== undefined && { fix }), ...(at !== undefined && { at }) };
}

function formatUnknown(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
