/** Removes what no run and no cache entry needs. */
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventsOf, foldRun, type CacheEntry, type Outputs, type RunState } from '../../engine/ports.ts';
import { hexOf, readIdentity, type CompiledPipeline } from '../../spec/index.ts';
import { attemptFolder } from '../artifacts/attempt-folder.ts';
import { readEntry } from '../cache/cache-index.ts';
import { storing } from '../failure.ts';
import { asideMark } from '../objects/disk-objects.ts';
import type { Root } from '../root.ts';

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

/**
 * Collects garbage under a root that is a folder. Marked, and kept: the outputs of runs that stay, of cache entries
 * that stay, and the bundles of runs that stay. A cache entry stays as long as the run that made it, or one that
 * used it. Runs without an end are never touched. Not for a root where a run is starting at the same moment.
 */
export async function collectGarbage(root: Root, options: GcOptions): Promise<GcReport> {
  return storing('collecting garbage', async () => {
    const runs = await readRuns(root, options);
    const entries = await readEntries(root);
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
    const sweep = sweeper(root.uri, options.dryRun === true);
    for (const { key } of dropped) await sweep.remove(key);
    const swept = await sweepAttempts(root, runs, marked, sweep);
    const attempts = swept + (await sweepOrphans(root, runs, marked, sweep));
    for (const runId of gone) {
      for (const part of ['log', 'control', 'spec.json', '.marks'])
        await sweep.remove(`runs/${runId}/${part}`);
      await sweep.removeIfEmpty(`runs/${runId}`);
    }
    const bundles = await sweepBundles(root, stays, sweep);
    const leftovers = await sweepAside(root.uri, options.now, sweep);
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
  const known: KnownRun[] = [];
  for (const [rank, { runId, createdAt }] of (await root.runs.list()).entries()) {
    const state = foldRun(await eventsOf(root.runs.log(runId)));
    const tooMany = options.keepRuns !== undefined && rank >= options.keepRuns;
    const tooOld = options.olderThan !== undefined && createdAt < options.now - options.olderThan;
    const removed = state.status !== 'running' && (tooMany || tooOld);
    known.push({ runId, state, compiled: removed ? undefined : await root.runs.spec(runId), removed });
  }
  return known;
}

async function readEntries(
  root: Root,
): Promise<readonly { readonly key: string; readonly entry: CacheEntry | undefined }[]> {
  const found: { key: string; entry: CacheEntry | undefined }[] = [];
  for (const prefix of await root.objects.names('cache'))
    for (const name of await root.objects.names(`cache/${prefix}`)) {
      const key = `cache/${prefix}/${name}`;
      const object = await root.objects.read(key);
      if (object !== undefined) found.push({ key, entry: readQuietly(object.content) });
    }
  return found;
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

/** Removes attempts that nothing marks: whole ones of runs that go, all but the log of runs that stay. */
async function sweepAttempts(
  root: Root,
  runs: readonly KnownRun[],
  marked: ReadonlySet<string>,
  sweep: Sweeper,
): Promise<number> {
  let removed = 0;
  for (const { runId, state, removed: goes } of runs) {
    if (state.status === 'running') continue;
    for (const task of state.tasks) {
      for (let number = 1; number <= task.attempts; number++) {
        const folder = attemptFolder({ runId, task: task.name, number });
        if (marked.has(folder)) continue;
        const names = await readdir(join(root.uri, folder)).catch(() => []);
        const parts = goes ? names : names.filter((name) => name !== 'log.txt' && name !== 'result.json');
        if (parts.length > 0) removed += 1;
        for (const name of parts) await sweep.remove(`${folder}/${name}`);
        await sweep.removeIfEmpty(folder);
      }
      await sweep.removeIfEmpty(`runs/${runId}/tasks/${task.name}`);
    }
    await sweep.removeIfEmpty(`runs/${runId}/tasks`);
  }
  return removed;
}

/** Removes attempts that outlived their run, which an earlier collection removed, once nothing marks them. */
async function sweepOrphans(
  root: Root,
  runs: readonly KnownRun[],
  marked: ReadonlySet<string>,
  sweep: Sweeper,
): Promise<number> {
  const known = new Set(runs.map(({ runId }) => runId));
  let removed = 0;
  for (const runId of (await root.objects.names('runs')).filter((name) => !known.has(name))) {
    const folder = join(root.uri, 'runs', runId);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const results = entries.filter(({ name }) => name === 'result.json');
    const attempts = results.map(({ parentPath }) => parentPath.slice(root.uri.length + 1));
    const unmarked = attempts.filter((attempt) => !marked.has(attempt));
    for (const attempt of unmarked) await sweep.remove(attempt);
    removed += unmarked.length;
    if (unmarked.length > 0 && unmarked.length === attempts.length) await sweep.remove(`runs/${runId}`);
  }
  return removed;
}

async function sweepBundles(root: Root, stays: readonly KnownRun[], sweep: Sweeper): Promise<number> {
  const needed = new Set(
    stays.flatMap(({ compiled }) =>
      Object.values(compiled?.spec.deploymentSpec.executors ?? {}).flatMap(({ container }) => {
        const identity = container === undefined ? undefined : readIdentity(container);
        return identity === undefined ? [] : hexOf(identity.code);
      }),
    ),
  );
  const unused = (await root.objects.names('bundles')).filter((hex) => !needed.has(hex));
  for (const hex of unused) await sweep.remove(`bundles/${hex}`);
  return unused.length;
}

async function sweepAside(folder: string, now: number, sweep: Sweeper): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let removed = 0;
  for (const entry of entries.filter(({ name }) => name.startsWith(asideMark))) {
    const path = join(entry.parentPath, entry.name);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined || now - facts.mtimeMs < asideLife) continue;
    await sweep.remove(path.slice(folder.length + 1));
    removed += 1;
  }
  return removed;
}

interface Sweeper {
  /** Removes a file or folder, and counts its bytes. */
  remove(path: string): Promise<void>;
  removeIfEmpty(path: string): Promise<void>;
  bytes(): number;
}

function sweeper(root: string, dryRun: boolean): Sweeper {
  let bytes = 0;
  return {
    async remove(path) {
      const absolute = join(root, path);
      bytes += await sizeOf(absolute);
      if (!dryRun) await rm(absolute, { recursive: true, force: true });
    },
    async removeIfEmpty(path) {
      if (!dryRun) await rmdir(join(root, path)).catch(() => undefined);
    },
    bytes: () => bytes,
  };
}

async function sizeOf(path: string): Promise<number> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return 0;
  if (!facts.isDirectory()) return facts.size;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
