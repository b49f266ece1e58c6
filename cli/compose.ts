/** The one place that makes stores and runners and hands them to the engine. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, EnginePorts, Ids, Observer, OutsideData, Runner } from '../engine/ports.ts';
import { UserError } from '../errors/index.ts';
import type { RunState } from '../engine/run-state.ts';
import type { Root } from '../stores/root.ts';
import { localWithDocker } from './local-with-docker.ts';
import { ownPackage } from './own-package.ts';
import { defaultConcurrency, type RunnerChoice } from './runner-choice.ts';
import type { Settings } from './settings.ts';

/** What a command works with. */
export interface Workbench {
  readonly root: Root;
  readonly ports: EnginePorts;
  /** Removes what attempts of a run that has ended left on their platform. */
  sweep(runId: string, status: RunState['status']): Promise<void>;
  /** Ends idle workers, watches and the like. */
  close(): Promise<void>;
}

/**
 * Opens a pipeline root that is there: for commands that look at runs.
 * @throws UserError FER1003 where it is not: a mistyped root must not come into being
 */
export async function openStores(settings: Settings): Promise<Root> {
  const { root } = settings;
  if (!root.includes('://') && !existsSync(root))
    throw new UserError('FER1003', {
      problem: `there is no pipeline root at ${root}`,
      fix: 'run a pipeline first, or name another root with --root',
    });
  return openOrMakeStores(settings);
}

async function openOrMakeStores(settings: Settings): Promise<Root> {
  const { openRoot } = await import('../stores/index.ts');
  return openRoot(settings.root, {
    bundleFolders: [join(settings.cacheFolder, 'bundles')],
    localFolder: settings.cacheFolder,
    env: settings.env,
  });
}

/** Opens the root and the runner. */
export async function openWorkbench(
  settings: Settings,
  observer: Observer,
  choice: RunnerChoice,
  concurrency: number,
): Promise<Workbench> {
  const root = await openOrMakeStores(settings);
  const { runner, sweep } = await openRunner(settings, root, choice, concurrency);
  return {
    root,
    sweep,
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

/** Most tasks at a time where nobody says: as many as there are cores, where they run on this machine. */
export function concurrencyOf(choice: RunnerChoice, given: number | undefined): number {
  return given ?? defaultConcurrency(choice.kind, availableParallelism());
}

interface OpenedRunner {
  readonly runner: Runner;
  readonly sweep: Workbench['sweep'];
}

async function openRunner(
  settings: Settings,
  root: Root,
  choice: RunnerChoice,
  concurrency: number,
): Promise<OpenedRunner> {
  const nothing = async (): Promise<void> => undefined;
  switch (choice.kind) {
    case 'local': {
      const [local, docker] = await Promise.all([
        openLocalRunner(settings, root, concurrency),
        openEngineIfAny(settings),
      ]);
      return { runner: withTaskConfig(localWithDocker(local, docker)), sweep: nothing };
    }
    case 'docker':
      return { runner: withTaskConfig(await openDockerRunner(settings)), sweep: nothing };
    case 'kubernetes': {
      const { kubernetesRunner } = await import('../runners/kubernetes/index.ts');
      const { config, owner } = choice;
      const runner = kubernetesRunner({ ...config, root: root.uri, ...(owner && { owner }) });
      return {
        runner: withTags(runner, () => openDockerRunner(settings)),
        // What did not succeed may be taken up: its tasks find there what those before them left.
        sweep: async (runId, status) => void (await runner.sweep(runId, status !== 'succeeded')),
      };
    }
  }
}

/** Has a runner tell components what pods would get: what they start may well be pods. */
function withTaskConfig(runner: Runner): Runner {
  return {
    ...runner,
    async taskConfigOf(task) {
      const { taskConfigOf } = await import('../runners/kubernetes/job/task-config.ts');
      return taskConfigOf(task);
    },
  };
}

/** Has a runner ask this machine's Docker engine, if there is one, what tags stand for: a cluster does not tell. */
function withTags(runner: Runner, openEngine: () => Promise<Runner>): Runner {
  let engine: Promise<Runner> | undefined;
  return {
    ...runner,
    async resolveImage(image) {
      engine ??= openEngine();
      return (await engine).resolveImage?.(image);
    },
    async close() {
      await (await engine)?.close();
      await runner.close();
    },
  };
}

/** Opens a runner of containers where this machine has an engine for it. */
async function openEngineIfAny(settings: Settings): Promise<Runner | undefined> {
  const { engineAnswers } = await import('../runners/docker/engine-answers.ts');
  return (await engineAnswers(settings.env)) ? openDockerRunner(settings) : undefined;
}

async function openDockerRunner(settings: Settings): Promise<Runner> {
  const { env, projectRoot, cacheFolder } = settings;
  const { dockerRunner } = await import('../runners/docker/index.ts');
  const accelerator = findAccelerator();
  return dockerRunner({
    env,
    cwd: projectRoot,
    sourceMaps: [join(cacheFolder, 'bundles')],
    workspaceOf: workspaceOf(settings),
    credentials: async (registry) => {
      const { credentialsFor } = await import('../images/index.ts');
      return credentialsFor(registry === 'docker.io' ? undefined : registry, env);
    },
    ...(accelerator !== undefined && { accelerator }),
  });
}

async function openLocalRunner(settings: Settings, root: Root, concurrency: number): Promise<Runner> {
  const { localRunner } = await import('../runners/local/index.ts');
  const accelerator = findAccelerator();
  return localRunner({
    env: settings.env,
    bundles: root.bundles,
    concurrency,
    // Where relative locations in parameters start, for components as for the digests of what lies there.
    cwd: settings.projectRoot,
    // What a bundle leaves out is found in the project, and for our own components in this package.
    packages: [settings.projectRoot, ownPackage().folder],
    async otherPackages(natives) {
      const { differenceFromLocked } = await import('../compiler/bundle/locked-packages.ts');
      return differenceFromLocked(settings.cacheFolder, settings.projectRoot, natives);
    },
    sourceMaps: [join(settings.cacheFolder, 'bundles')],
    pythonFolder: join(settings.cacheFolder, 'python'),
    workspaceOf: workspaceOf(settings),
    ...(accelerator !== undefined && { accelerator }),
  });
}

/** The folder that the tasks of a run share lies with the run, where the root is on this machine. */
function workspaceOf({ root, cacheFolder }: Settings): (runId: string) => string {
  const runs = root.includes('://') ? join(cacheFolder, 'workspaces') : join(root, 'runs');
  return (runId) => join(runs, runId, 'workspace');
}

/** A GPU of NVIDIA shows by its device file: no driver has to be asked, which takes a second. */
function findAccelerator(): string | undefined {
  return existsSync('/dev/nvidiactl') ? 'cuda' : undefined;
}

/** Digests outside data; what was read once is remembered by size and time, in the project's cache. */
function outsideDataOf(settings: Settings): OutsideData {
  return {
    resolve(location) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return location;
      const atHome = location.startsWith('~/');
      return atHome ? join(homedir(), location.slice(2)) : resolve(settings.projectRoot, location);
    },
    async digest(location) {
      const { digestLocation, readStatCache } = await import('../stores/locations/index.ts');
      const statCache = await readStatCache(join(settings.cacheFolder, 'outside-data.json'));
      const digest = await digestLocation(location, {
        statCache,
        cwd: settings.projectRoot,
        env: settings.env,
      });
      await statCache.save();
      return digest;
    },
  };
}

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
};

const systemIds: Ids = { unique: () => randomUUID() };
