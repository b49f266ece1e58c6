/** Reads the description of a sweep from a file, and from the options of the command line. */
import { UserError, UserErrors, type Location } from '../errors/index.ts';
import type { JsonValue } from '../spec/index.ts';
import { readDocuments } from '../spec/read-documents.ts';
import { sweepDescription, type DimensionDescription, type SweepDescription } from './description.ts';

/** A description, and where its parts stand. */
export interface ReadSweep {
  readonly description: SweepDescription;
  readonly placeOf: (path: readonly (string | number)[]) => Location | undefined;
}

/**
 * Reads YAML or JSON.
 * @throws UserErrors FER9101 with each part that is wrong, and its place
 */
export function readSweepFile(text: string, file: string): ReadSweep {
  const [document] = readDocuments(text, file);
  if (document === undefined)
    throw new UserError('FER9101', {
      problem: `"${file}" is empty`,
      fix: 'describe a sweep: at least metric and parameters',
      at: { file },
    });
  const read = sweepDescription.safeParse(document.value);
  const placeOf = (path: readonly (string | number)[]): Location | undefined => document.placeOf(path, true);
  if (read.success) return { description: read.data, placeOf };
  throw new UserErrors(
    read.error.issues.map((issue) => {
      const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
      const where = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
      const at = placeOf(where) ?? { file };
      const name = where.join('.');
      return new UserError('FER9101', {
        problem: name === '' ? issue.message : `"${name}": ${issue.message}`,
        fix: 'docs/sweeps.md shows what a sweep is made of',
        at,
      });
    }),
  );
}

/** Options of the command line that describe a sweep, or change what its file says. */
export interface SweepFlags {
  readonly search?: readonly string[];
  readonly metric?: string;
  readonly goal?: 'maximize' | 'minimize';
  readonly method?: 'grid' | 'random' | 'tpe';
  readonly trials?: number;
  readonly parallel?: number;
  readonly time?: string;
  readonly seed?: number;
  readonly target?: number;
  readonly patience?: number;
  readonly earlyStopping?: string;
  readonly halving?: string;
  readonly retries?: number;
}

/**
 * Puts options over a description.
 * @throws UserErrors FER9101
 */
export function withFlags(before: Partial<SweepDescription>, flags: SweepFlags): SweepDescription {
  const errors: UserError[] = [];
  const parameters: Record<string, DimensionDescription> = { ...before.parameters };
  for (const text of flags.search ?? []) {
    const read = readSearch(text);
    if (read instanceof UserError) errors.push(read);
    else parameters[read[0]] = read[1];
  }
  const halving = flags.halving === undefined ? before.halving : readHalving(flags.halving);
  if (halving instanceof UserError) errors.push(halving);
  const from = flags.metric ?? before.metric?.from;
  if (from === undefined)
    errors.push(
      new UserError('FER9101', {
        problem: 'the sweep has no metric: nothing says which trial is better',
        fix: 'name an output of the pipeline: --metric accuracy, or --metric eval.metrics.accuracy',
      }),
    );
  if (flags.time !== undefined && !/^\d+(\.\d+)?\s*(s|m|h|d)?$/.test(flags.time))
    errors.push(
      new UserError('FER9101', {
        problem: `"${flags.time}" is no time`,
        fix: 'write such as 90s, 30m or 2h',
      }),
    );
  if (errors.length > 0 || from === undefined || halving instanceof UserError) throw new UserErrors(errors);
  const goal = flags.goal ?? before.metric?.goal;
  const early = flags.earlyStopping ?? undefined;
  return {
    ...before,
    parameters,
    metric: { from, ...(goal !== undefined && { goal }) },
    ...(flags.method !== undefined && { method: flags.method }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.retries !== undefined && { retries: flags.retries }),
    budget: {
      ...before.budget,
      ...(flags.trials !== undefined && { trials: flags.trials }),
      ...(flags.parallel !== undefined && { parallel: flags.parallel }),
      ...(flags.time !== undefined && { time: /\d$/.test(flags.time) ? Number(flags.time) : flags.time }),
    },
    stop: {
      ...before.stop,
      ...(flags.target !== undefined && { target: flags.target }),
      ...(flags.patience !== undefined && { patience: flags.patience }),
    },
    ...(early !== undefined && { 'early-stopping': { ...before['early-stopping'], ...readEarly(early) } }),
    ...(halving !== undefined && { halving }),
  };
}

/** Reads `task.figure`, or `task.figure:minimize`. */
function readEarly(text: string): { from: string; goal?: 'maximize' | 'minimize' } {
  const [, from = text, goal] = /^(.*):(maximize|minimize)$/.exec(text) ?? [];
  if (goal === 'maximize' || goal === 'minimize') return { from, goal };
  return { from };
}

/** Reads `epochs=1..27`, or `epochs=1..27/3` with one in how many goes on. */
function readHalving(text: string): NonNullable<SweepDescription['halving']> | UserError {
  const [, resource, min, max, eta] = /^([^=]+)=([\d.e+-]+?)\.\.([\d.e+-]+)(?:\/([\d.]+))?$/.exec(text) ?? [];
  if (resource === undefined)
    return new UserError('FER9101', {
      problem: `"--halving ${text}" does not read`,
      fix: 'write such as --halving epochs=1..27, or epochs=1..27/3 for one in three that goes on',
    });
  return { resource, min: Number(min), max: Number(max), ...(eta !== undefined && { eta: Number(eta) }) };
}

/** Reads `name=0..1`, `name=log:1e-4..1e-1`, `name=int:1..9`, `name=a,b,c`; `/5` at the end of a range says how many a grid takes. */
function readSearch(text: string): readonly [string, DimensionDescription] | UserError {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at));
  const rest = text.slice(at + 1);
  if (at <= 0 || rest === '')
    return new UserError('FER9101', {
      problem: `"--search ${text}" does not read`,
      fix: 'write name=0..1, name=log:1e-4..1e-1, name=int:1..9 or name=a,b,c',
    });
  const [, kind, low, high, points] =
    /^(?:(log|int|int-log|log-int|uniform):)?(-?[\d.]+(?:e[+-]?\d+)?)\.\.(-?[\d.]+(?:e[+-]?\d+)?)(?:\/(\d+))?$/i.exec(
      rest,
    ) ?? [];
  if (low === undefined || high === undefined) return [name, { choice: rest.split(',').map(valueOf) }];
  const range: [number, number] = [Number(low), Number(high)];
  const more = points === undefined ? {} : { points: Number(points) };
  if (kind === undefined || kind === 'uniform') return [name, { uniform: range, ...more }];
  if (kind === 'log') return [name, { 'log-uniform': range, ...more }];
  return [name, { int: range, log: kind !== 'int', ...more }];
}

/** A value on the command line is what JSON says, or a text. */
function valueOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
