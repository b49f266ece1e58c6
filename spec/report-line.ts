import type { JsonValue } from './json.ts';

/** What a task measured at one step of its work. */
export interface StepReport {
  /** A whole number that grows: an epoch, or the like. */
  readonly step: number;
  /** Figures by name; null stands for one that is no finite number. */
  readonly values: Readonly<Record<string, number | null>>;
}

const mark = 'ferrule-report ';

/** Writes a report as the line that a task prints: any program can print such a line, in any language. */
export function reportLine(step: number, values: Readonly<Record<string, number>>): string {
  return `${mark}${JSON.stringify({ step, values })}`;
}

/** Reads a line that a task printed; undefined where it is no report. */
export function readReportLine(line: string): StepReport | undefined {
  if (!line.startsWith(mark)) return undefined;
  try {
    return reportOf(JSON.parse(line.slice(mark.length)) as JsonValue);
  } catch {
    return undefined;
  }
}

function reportOf(read: JsonValue): StepReport | undefined {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
  const { step, values } = read as Readonly<Record<string, JsonValue>>;
  if (typeof step !== 'number' || !Number.isSafeInteger(step)) return undefined;
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined;
  const figures = Object.entries(values).filter(
    (figure): figure is [string, number | null] => figure[1] === null || typeof figure[1] === 'number',
  );
  return figures.length === 0 ? undefined : { step, values: Object.fromEntries(figures) };
}
