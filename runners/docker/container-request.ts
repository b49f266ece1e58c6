/** What Docker is asked for, to run an attempt. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import type { Attempt } from '../../engine/ports.ts';
import { failureFileVariable } from '../../executor/failure-file.ts';
import { ownEnvironment } from '../../executor/own-environment.ts';
import { namesWorkspace, usesWorkspace } from '../../executor/workspace.ts';
import { workspaceMount } from '../../spec/local-path.ts';
import { resolveContainer } from '../../spec/index.ts';
import { cloudAccess } from './cloud-access.ts';
import type { Engine } from './engine.ts';
import { limitsOf } from './limits.ts';
import { homeInContainer, mountsOf } from './mounts.ts';
import type { ResolvedOptions } from './options.ts';
import { containerSettings, ignoredSettings, type ContainerSettings } from './platform-settings.ts';

/** An attempt, made ready for Docker. */
export interface ContainerRequest {
  readonly image: string;
  readonly pull: ContainerSettings['pull'];
  readonly create: Dockerode.ContainerCreateOptions;
  /** Its memory limit as the spec has it. */
  readonly memory?: string;
  /** Values to keep out of logs, failures and outputs. */
  readonly secrets: readonly string[];
}

/** Labels of the containers that the runner starts. */
export const labels = {
  managedBy: 'dev.ferrule.managed-by',
  run: 'dev.ferrule.run',
  task: 'dev.ferrule.task',
  attempt: 'dev.ferrule.attempt',
  /** Lines that come before the container's own in its log, as a JSON list. */
  notes: 'dev.ferrule.notes',
} as const;

/** Names the file where a component of ours leaves its failure. */
export function failureFileOf({ folder }: Attempt): string {
  return join(folder, 'failure.json');
}

/**
 * Fills an attempt's placeholders in and makes a request of it.
 * @throws UserError FER3006 for a placeholder, FER6016 for a secret that is not set, FER6021 for what Docker cannot do
 */
export function containerRequest(
  attempt: Attempt,
  engine: Engine,
  options: ResolvedOptions,
): ContainerRequest {
  const { container, identity, input, kubernetes } = attempt;
  const resolved = resolveContainer(container, input, { ...attempt, workspacePath: workspaceMount });
  const own = ownEnvironment({ env: resolved.env }, { secretEnv: identity?.secretEnv ?? [] }, options.env);
  const cloud = cloudAccess(attempt, options);
  const { gpus, ...limits } = limitsOf(resolved.resources, engine.cores);
  const settings = containerSettings(kubernetes);
  const mounts = mountsOf(attempt, options.cwd);
  const env = {
    HOME: homeInContainer,
    ...cloud.env,
    ...(identity !== undefined && {
      FERRULE_TASK: attempt.task.split('/').at(-1),
      [failureFileVariable]: failureFileOf(attempt),
    }),
    ...own.env,
  };
  return {
    image: resolved.image,
    pull: settings.pull,
    ...(resolved.resources.memoryLimit !== undefined && { memory: resolved.resources.memoryLimit }),
    secrets: [...own.secrets, ...cloud.secrets],
    create: {
      name: attempt.name,
      Image: resolved.image,
      ...programOf(attempt, resolved.command, resolved.args),
      Env: Object.entries(env).map(([name, value]) => `${name}=${value ?? ''}`),
      User: userFor(engine),
      ...(mounts.workingFolder !== undefined && { WorkingDir: mounts.workingFolder }),
      Labels: {
        [labels.managedBy]: 'ferrule',
        [labels.run]: attempt.runId,
        [labels.task]: attempt.task,
        [labels.attempt]: `${attempt.number}`,
        [labels.notes]: JSON.stringify(ignoredSettings(kubernetes)),
      },
      HostConfig: {
        ...limits,
        ...(gpus !== undefined && { DeviceRequests: [nvidia(gpus)] }),
        Init: true,
        SecurityOpt: ['no-new-privileges', ...(engine.selinux ? ['label=disable'] : [])],
        // Files are this machine's users', not those that an engine may map users to.
        ...(!engine.rootless && { UsernsMode: 'host' }),
        Mounts: [
          ...Object.entries({ ...mounts.read, ...cloud.files }).map(([path, source]) =>
            bind(source, path, true),
          ),
          ...mounts.write.map((path) => bind(path, path, false)),
          ...(usesWorkspace(input) || namesWorkspace(container)
            ? [bind(workspaceFor(attempt, options), workspaceMount, false)]
            : []),
        ],
        ...(Object.keys(settings.tmpfs).length > 0 && { Tmpfs: settings.tmpfs }),
        ...(settings.sharedMemory !== undefined && { ShmSize: settings.sharedMemory }),
        // The whole log, whatever the engine's own setting: whoever takes the attempt over reads it from its start.
        LogConfig: {
          Type: 'json-file',
          Config: { 'max-size': '1000g', 'max-file': '1', compress: 'false' },
        },
      },
    },
  };
}

function nvidia(count: number): Dockerode.DeviceRequest {
  return { Driver: 'nvidia', Count: count, Capabilities: [['gpu']] };
}

function workspaceFor({ runId }: Attempt, { workspaceOf }: ResolvedOptions): string {
  const folder = workspaceOf(runId);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function bind(source: string, path: string, readOnly: boolean): Dockerode.MountSettings {
  return { Type: 'bind', Source: source, Target: path, ReadOnly: readOnly };
}

/** Outputs are to belong to whoever runs the pipeline. */
function userFor({ rootless }: Engine): string {
  return rootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}

/** One Linux argument holds less than 128 KiB. */
const longestArgument = 120_000;

/**
 * A spec's command takes the place of the image's entry point. In components of ours standard error is joined to
 * standard output, which keeps their order: Docker reads the two apart.
 */
function programOf(
  { identity, folder }: Attempt,
  command: readonly string[],
  args: readonly string[],
): Pick<Dockerode.ContainerCreateOptions, 'Entrypoint' | 'Cmd'> {
  const joined = identity === undefined ? [] : joinOutputs;
  return {
    ...(command.length > 0 && { Entrypoint: [...joined, ...command] }),
    ...(args.length > 0 && {
      Cmd: args.map((arg, index) =>
        identity !== undefined && args[index - 1] === '--executor_input' && arg.length > longestArgument
          ? `@${writtenInput(folder, arg)}`
          : arg,
      ),
    }),
  };
}

/** A program that becomes the one in its arguments. */
export const joinOutputs: readonly string[] = ['/bin/sh', '-c', 'exec "$0" "$@" 2>&1'];

function writtenInput(folder: string, text: string): string {
  const file = join(folder, 'executor-input.json');
  writeFileSync(file, text);
  return file;
}
