/** The one place that makes stores and runners and hands them to the engine. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, EnginePorts, Ids, Observer, OutsideData, Runner } from '../engine/ports.ts';
import type { Root } from '../stores/root.ts';
import type { Settings } from './settings.ts';

/** What a command works with. */
export interface Workbench {
  readonly root: Root;
  readonly ports: EnginePorts;
  /** Ends idle workers. */
  close(): Promise<void>;
}

/** Opens the pipeline root alone: for commands that read. */
export async function openStores(settings: Settings): Promise<Root> {
  const { openRoot } = await import('../stores/index.ts');
  return openRoot(settings.root, { bundleFolders: [join(settings.cacheFolder, 'bundles')] });
}

/** Opens the root and the local runner. */
export async function openWorkbench(
  settings: Settings,
  observer: Observer,
  concurrency: number,
): Promise<Workbench> {
  const root = await openStores(settings);
  const runner = await openRunner(settings, root, concurrency);
  return {
    root,
    ports: {
      clock: systemClock,
      ids: systemIds,
      runner,
      runs: root.runs,
      artifacts: root.artifacts,
      cache: root.cache,
      bundles: root.bundles,
      outsideData: outsideDataOf(settings),
      observer,
    },
    close: () => runner.close(),
  };
}

/** As many tasks at a time as there are cores. */
export const defaultConcurrency: number = Math.max(2, availableParallelism());

async function openRunner(settings: Settings, root: Root, concurrency: number): Promise<Runner> {
  const { localRunner } = await import('../runners/local/index.ts');
  return localRunner({ env: settings.env, bundles: root.bundles, concurrency });
}

function outsideDataOf(settings: Settings): OutsideData {
  return {
    async digest(location) {
      const { digestLocation } = await import('../stores/locations/index.ts');
      return digestLocation(location, { base: settings.projectRoot });
    },
  };
}

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
};

const systemIds: Ids = { unique: () => randomUUID() };
