/** KFP's macros in the parameters of recurring runs. Source: the parameter formatter of its backend. */
import type { JsonValue } from '../../spec/index.ts';
import { goTime, strftime } from './time-formats.ts';

/** What the macros of one run stand for. */
export interface Occasion {
  readonly runId: string;
  /** When it was due, and when it is made: milliseconds since 1970. */
  readonly due: number;
  readonly now: number;
  /** Which of the runs of the recurring run it is, from 1 on, where that is known. */
  readonly index?: number;
}

/**
 * Fills in the macros, in texts and in those inside of lists and objects: `[[RunUUID]]`, `[[Index]]`, `[[ScheduledTime]]` and
 * `[[CurrentTime]]` as `20260131093000`, `[[ScheduledTime.2006-01-02]]` in a layout of Go,
 * `{{$.scheduledTime.strftime('%Y-%m-%d')}}`. Times are in UTC. What is none of these stays as it is.
 */
export function withMacros(
  parameters: Readonly<Record<string, JsonValue>>,
  occasion: Occasion,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, filledIn(value, occasion)]),
  );
}

function filledIn(value: JsonValue, occasion: Occasion): JsonValue {
  if (typeof value === 'string')
    return value.replaceAll(
      /\[\[(.*?)\]\]|\{\{\$\.(.*?)\}\}/g,
      (macro) => meaningOf(macro, occasion) ?? macro,
    );
  if (typeof value !== 'object' || value === null) return value;
  return isList(value) ? value.map((one) => filledIn(one, occasion)) : withMacros(value, occasion);
}

const usualLayout = '20060102150405';

/** What a macro stands for; undefined where it is none. */
function meaningOf(macro: string, { runId, due, now, index }: Occasion): string | undefined {
  if (macro === '[[RunUUID]]') return runId;
  if (macro === '[[Index]]') return index === undefined ? undefined : `${index}`;
  const [, which, layout] = /^\[\[(ScheduledTime|CurrentTime)(?:\.(.*))?\]\]$/.exec(macro) ?? [];
  if (which !== undefined)
    return goTime(new Date(which === 'ScheduledTime' ? due : now), layout ?? usualLayout);
  const [, other, format] = /^\{\{\$\.(scheduledTime|currentTime)\.strftime\('(.*)'\)\}\}$/.exec(macro) ?? [];
  if (format === undefined) return undefined;
  return strftime(new Date(other === 'scheduledTime' ? due : now), format);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
