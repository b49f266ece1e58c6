/** Settings of the Docker runner. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../executor/own-environment.ts';

/** Who one is at a registry, as Docker's API takes it. */
interface RegistryCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

export interface DockerRunnerOptions {
  /** The environment of the command line: DOCKER_HOST and its like, and the values of secrets. */
  readonly env: Environment;
  /** Where relative locations in parameters start. @default the current folder */
  readonly cwd?: string;
  /** Milliseconds that a container has to end after it was asked to, before it is killed. @default 10000 */
  readonly grace?: number;
  /** Folders that may hold a bundle's source map, `<hex>.map`, so that errors show places in sources. @default none */
  readonly sourceMaps?: readonly string[];
  /** Such as `cuda`, where this machine has one: recorded with cache entries. @default none */
  readonly accelerator?: string;
  /** Finds credentials by the registry's host, such as `ghcr.io`. @default none: images that anyone may pull */
  readonly credentials?: (registry: string) => Promise<RegistryCredentials | undefined>;
  /** Names the folder that the tasks of a run share. @default in the folder for temporary files */
  readonly workspaceOf?: (runId: string) => string;
  /** Milliseconds that an engine which stopped answering has to come back. @default 30000 */
  readonly patience?: number;
}

export type ResolvedOptions = Required<Omit<DockerRunnerOptions, 'accelerator'>> &
  Pick<DockerRunnerOptions, 'accelerator'>;

export function resolveOptions(options: DockerRunnerOptions): ResolvedOptions {
  return {
    ...options,
    cwd: options.cwd ?? process.cwd(),
    grace: options.grace ?? 10_000,
    sourceMaps: options.sourceMaps ?? [],
    workspaceOf: options.workspaceOf ?? ((runId) => join(tmpdir(), 'ferrule-workspaces', runId)),
    credentials: options.credentials ?? (async () => undefined),
    patience: options.patience ?? 30_000,
  };
}
