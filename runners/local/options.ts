/** Settings of the local runner. */
import { existsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bundles } from '../../engine/ports.ts';
import { InternalError } from '../../errors/index.ts';
import type { Environment } from '../../executor/own-environment.ts';
import type { Digest } from '../../spec/index.ts';

export interface LocalRunnerOptions {
  /** Finds the code of components. */
  readonly bundles: Bundles;
  /** Where allow-listed variables and secrets are taken from: the environment of the command line. */
  readonly env: Environment;
  /** Most attempts that are asked for at a time: as many idle workers are kept. @default one a core, at least 2 */
  readonly concurrency?: number;
  /** Working directory of tasks: relative locations in parameters start there. @default the current one */
  readonly cwd?: string;
  /** Folders whose node_modules hold what bundles leave out, such as the project's. @default `cwd` */
  readonly packages?: readonly string[];
  /**
   * Tells why packages of this machine are not those that a component's cache key stands for: what they give is not
   * cached. @default nothing is looked at
   */
  readonly otherPackages?: (natives: Digest) => Promise<string | undefined>;
  /** Folders that may hold a bundle's source map, `<hex>.map`, so that errors show places in sources. @default none */
  readonly sourceMaps?: readonly string[];
  /** Worker processes started before there is a task for them. @default 1 */
  readonly ahead?: number;
  /** Most idle workers kept for another task of their component. @default `concurrency` */
  readonly idle?: number;
  /** Milliseconds that a body has to end after its signal was aborted, before its process is killed. @default 2000 */
  readonly grace?: number;
  /** Names the folder that the tasks of a run share. @default in the folder for temporary files */
  readonly workspaceOf?: (runId: string) => string;
  /** Keeps the environments of Python components. @default in the folder for temporary files */
  readonly pythonFolder?: string;
  /** Such as `cuda`, where there is one: recorded with cache entries. @default none */
  readonly accelerator?: string;
}

export type ResolvedOptions = Required<
  Omit<LocalRunnerOptions, 'accelerator' | 'concurrency' | 'pythonFolder'>
> &
  Pick<LocalRunnerOptions, 'accelerator'> & {
    /** The program of a worker process. */
    readonly workerFile: string;
    readonly python: {
      readonly folder: string;
      /** The program of an interpreter process. */
      readonly program: string;
    };
  };

export function resolveOptions(options: LocalRunnerOptions): ResolvedOptions {
  const cwd = options.cwd ?? process.cwd();
  return {
    ...options,
    cwd,
    packages: options.packages ?? [cwd],
    otherPackages: options.otherPackages ?? (async () => undefined),
    sourceMaps: options.sourceMaps ?? [],
    workspaceOf: options.workspaceOf ?? ((runId) => join(tmpdir(), 'ferrule-workspaces', runId)),
    ahead: options.ahead ?? 1,
    idle: options.idle ?? options.concurrency ?? Math.max(2, availableParallelism()),
    grace: options.grace ?? 2000,
    workerFile: findProgram('worker.js'),
    python: {
      folder: options.pythonFolder ?? join(tmpdir(), 'ferrule-python'),
      program: findProgram('python/interpreter.py'),
    },
  };
}

// From runners/local/ of a checkout, from dist/runners/local/, or from a chunk or command beside it.
const places = ['../../dist/runners/local/', './', '../runners/local/', '../../runners/local/'];

function findProgram(name: string): string {
  const files = places.map((place) => fileURLToPath(new URL(`${place}${name}`, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new InternalError('FER6015', {
    problem: `the program ${name} of the local runner is missing`,
    fix: 'npm run build',
  });
}
