import { reportLine } from '../spec/report-line.ts';

/** What `context.report` does: prints a line that every runner understands, and that is a log line elsewhere. */
export function report(values: Readonly<Record<string, number>>, step: number): void {
  if (!Number.isSafeInteger(step))
    throw new TypeError(`report(values, step): the step is ${step}, and must be a whole number`);
  console.log(reportLine(step, values));
}
