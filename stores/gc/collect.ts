/** Removes what no run and no cache entry needs. */
import { eventsOf, foldRun, type CacheEntry, type Outputs, type RunState } from '../../engine/ports.ts';
import { hexOf, readIdentity, type CompiledPipeline } from '../../spec/index.ts';
import { attemptFolder } from '../artifacts/attempt-folder.ts';
import { readEntry } from '../cache/cache-index.ts';
import { storing } from '../failure.ts';
import { asideMark } from '../objects/disk-objects.ts';
import { mapBounded } from '../locations/bounded.ts';
import type { Root } from '../root.ts';
import { scheduledPipelines } from '../scheduled-pipelines.ts';
import { sweepOf, type Sweep } from './sweep.ts';

/** Files written aside are removed after an hour: whoever wrote them is gone. */
const asideLife = 3_600_000;

export interface GcOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Removes ended runs beyond this many newest ones. @default none is removed for its rank */
  readonly keepRuns?: number;
  /** Removes ended runs older than this, in milliseconds. @default none is removed for its age */
  readonly olderThan?: number;
  /** Removes nothing, and tells what it would. @default false */
  readonly dryRun?: boolean;
}

/** What was removed, or would be. */
export interface GcReport {
  readonly dryRun: boolean;
  /** Ids of runs. */
  readonly runs: readonly string[];
  /** Number of cache entries. */
  readonly cacheEntries: number;
  /** Folders of attempts: of removed runs, and of attempts whose outputs no run uses. */
  readonly attempts: number;
  /** Number of bundles. */
  readonly bundles: number;
  /** Files that were written aside and never got their name. */
  readonly leftovers: number;
  /** Bytes, of all of it. */
  readonly bytes: number;
}

interface KnownRun {
  readonly runId: string;
  readonly state: RunState;
  readonly compiled: CompiledPipeline | undefined;
  readonly removed: boolean;
}

/** What happens to a log, a result and the like of an attempt whose outputs nobody uses. */
const attemptFacts: ReadonlySet<string> = new Set(['log.txt', 'result.json']);

/** How many objects are read at a time. */
const readAtOnce = 16;

/**
 * Collects garbage under a root. Marked, and kept: the outputs of runs that stay, of cache entries that stay, and the
 * bundles of runs that stay, and of schedules. A cache entry stays as long as the run that made it, or one that used it. Runs without
 * an end are never touched. Not for a root where a run is starting at the same moment.
 */
export async function collectGarbage(root: Root, options: GcOptions): Promise<GcReport> {
  return storing('collecting garbage', async () => {
    const listed = await root.files.list('');
    const sweep = sweepOf(listed);
    const runs = await readRuns(root, options);
    const entries = await readEntries(root, sweep);
    const stays = runs.filter((run) => !run.removed);
    const gone = new Set(runs.filter((run) => run.removed).map(({ runId }) => runId));
    const there = new Set(stays.map(({ runId }) => runId));
    const used = new Set(stays.flatMap(({ state }) => sourcesOf(state)));
    const dropped = entries.filter(
      ({ entry }) =>
        entry === undefined ||
        (!there.has(entry.from.runId) && !used.has(`${entry.from.runId}/${entry.from.task}`)),
    );
    const lost = new Set(dropped.map(({ key }) => key));
    const kept = entries.flatMap(({ key, entry }) => (lost.has(key) || entry === undefined ? [] : entry));
    const marked = new Set([
      ...stays.flatMap(({ state }) => state.tasks.flatMap((task) => attemptsIn(task.outputs))),
      ...kept.flatMap((entry) => attemptsIn(entry.outputs)),
    ]);
    for (const { key } of dropped) sweep.take(key);
    const attempts = sweepAttempts(runs, marked, sweep) + sweepOrphans(runs, marked, sweep);
    for (const runId of gone)
      for (const part of ['log', 'control', 'spec.json', '.marks']) sweep.take(`runs/${runId}/${part}`);
    const scheduled = await scheduledPipelines(root.objects);
    const bundles = sweepBundles([...stays, ...scheduled], sweep);
    const leftovers = sweepAside(options.now, sweep);
    if (options.dryRun !== true) await root.files.remove(sweep.taken());
    return {
      dryRun: options.dryRun === true,
      runs: [...gone],
      cacheEntries: dropped.length,
      attempts,
      bundles,
      leftovers,
      bytes: sweep.bytes(),
    };
  });
}

async function readRuns(root: Root, options: GcOptions): Promise<readonly KnownRun[]> {
  return mapBounded(await root.runs.list(), readAtOnce, async ({ runId, createdAt }, rank) => {
    const state = foldRun(await eventsOf(root.runs.log(runId)));
    const tooMany = options.keepRuns !== undefined && rank >= options.keepRuns;
    const tooOld = options.olderThan !== undefined && createdAt < options.now - options.olderThan;
    const removed = state.status !== 'running' && (tooMany || tooOld);
    return { runId, state, compiled: removed ? undefined : await root.runs.spec(runId), removed };
  });
}

async function readEntries(
  root: Root,
  sweep: Sweep,
): Promise<readonly { readonly key: string; readonly entry: CacheEntry | undefined }[]> {
  const keys = sweep.below('cache').filter((key) => /^cache\/[^/]+\/[^./][^/]*$/.test(key));
  const found = await mapBounded(keys, readAtOnce, async (key) => {
    const object = await root.objects.read(key);
    return object === undefined ? [] : [{ key, entry: readQuietly(object.content) }];
  });
  return found.flat();
}

/** Reads an entry; one that does not read is garbage. */
function readQuietly(content: string): CacheEntry | undefined {
  try {
    return readEntry(content);
  } catch {
    return undefined;
  }
}

/** The tasks whose cache entries a run used or made. */
function sourcesOf(state: RunState): string[] {
  return state.tasks.flatMap(({ from }) => (from === undefined ? [] : `${from.runId}/${from.task}`));
}

/** The folders of the attempts that made some outputs. */
function attemptsIn(outputs: Outputs | undefined): string[] {
  return Object.values(outputs?.artifacts ?? {})
    .flat()
    .flatMap(({ producer }) =>
      producer === undefined
        ? []
        : attemptFolder({ runId: producer.runId, task: producer.task, number: producer.attempt }),
    );
}

/** Takes attempts that nothing marks: whole ones of runs that go, all but the log of runs that stay. */
function sweepAttempts(runs: readonly KnownRun[], marked: ReadonlySet<string>, sweep: Sweep): number {
  let removed = 0;
  for (const { runId, state, removed: goes } of runs) {
    if (state.status === 'running') continue;
    for (const task of state.tasks)
      for (let number = 1; number <= task.attempts; number++) {
        const folder = attemptFolder({ runId, task: task.name, number });
        if (marked.has(folder)) continue;
        const parts = sweep.namesIn(folder).filter((name) => goes || !attemptFacts.has(name));
        if (parts.length > 0) removed += 1;
        for (const name of parts) sweep.take(`${folder}/${name}`);
      }
  }
  return removed;
}

/** Takes attempts that outlived their run, which an earlier collection removed, once nothing marks them. */
function sweepOrphans(runs: readonly KnownRun[], marked: ReadonlySet<string>, sweep: Sweep): number {
  const known = new Set(runs.map(({ runId }) => runId));
  let removed = 0;
  for (const runId of sweep.namesIn('runs').filter((name) => !known.has(name))) {
    const results = sweep.below(`runs/${runId}`).filter((key) => key.endsWith('/result.json'));
    const attempts = results.map((key) => key.slice(0, -'/result.json'.length));
    const unmarked = attempts.filter((attempt) => !marked.has(attempt));
    for (const attempt of unmarked) sweep.take(attempt);
    removed += unmarked.length;
    if (unmarked.length > 0 && unmarked.length === attempts.length) sweep.take(`runs/${runId}`);
  }
  return removed;
}

function sweepBundles(stays: readonly Pick<KnownRun, 'compiled'>[], sweep: Sweep): number {
  const needed = new Set(
    stays.flatMap(({ compiled }) =>
      Object.values(compiled?.spec.deploymentSpec.executors ?? {}).flatMap(({ container }) => {
        const identity = container === undefined ? undefined : readIdentity(container);
        return identity === undefined ? [] : hexOf(identity.code);
      }),
    ),
  );
  const unused = sweep.namesIn('bundles').filter((hex) => !hex.startsWith('.') && !needed.has(hex));
  for (const hex of unused) sweep.take(`bundles/${hex}`);
  return unused.length;
}

/** Takes what was written aside long ago: files, and folders as a whole. */
function sweepAside(now: number, sweep: Sweep): number {
  const mark = `/${asideMark}`;
  const aside = new Map<string, number>();
  for (const { key, modified } of sweep.files()) {
    const at = `/${key}`.indexOf(mark);
    if (at === -1) continue;
    const end = key.indexOf('/', at + 1);
    const top = end === -1 ? key : key.slice(0, end);
    aside.set(top, Math.max(modified, aside.get(top) ?? 0));
  }
  const old = [...aside].filter(([, modified]) => now - modified >= asideLife);
  for (const [top] of old) sweep.take(top);
  return old.length;
}
