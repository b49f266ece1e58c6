/** Which runner a command is to use, and with what settings: told apart before anything is opened. */
import { UserError } from '../errors/index.ts';
import type { ClusterConfig, Owner } from '../runners/kubernetes/options.ts';
import { clusterFlags, readClusterSettings, type ClusterFlags } from './cluster-config.ts';
import type { Settings } from './settings.ts';

export const runnerKinds = ['local', 'docker', 'kubernetes'] as const;

export type RunnerKind = (typeof runnerKinds)[number];

/** Options of `run`, `resume` and `plan`. */
export interface RunnerFlags extends ClusterFlags {
  readonly runner?: RunnerKind;
}

export type RunnerChoice =
  | { readonly kind: 'local' }
  | { readonly kind: 'docker' }
  | {
      readonly kind: 'kubernetes';
      readonly config: ClusterConfig;
      /** The Job of the driver, where this runs in it. */
      readonly owner?: Owner;
    };

/**
 * Chooses the runner.
 * @param fallback where no option names one. @default local
 * @throws UserError FER1002 for options of a cluster without one, FER1006 for a root that pods cannot reach
 */
export async function chooseRunner(
  flags: RunnerFlags,
  settings: Settings,
  fallback: RunnerKind = 'local',
): Promise<RunnerChoice> {
  const kind = flags.runner ?? fallback;
  if (kind !== 'kubernetes') {
    refuseClusterFlags(flags, kind);
    return { kind };
  }
  requireShared(settings.root);
  const owner = ownerOf(settings);
  return { kind, config: await readClusterSettings(flags, settings), ...(owner && { owner }) };
}

/** @throws UserError FER1006 for a root that other machines do not reach */
export function requireShared(root: string): void {
  if (/^(gs|s3|minio):\/\//.test(root)) return;
  throw new UserError('FER1006', {
    problem: `the pipeline root ${root} is a folder of this machine, and pods have no way to it`,
    fix: 'name a bucket that this machine and the cluster reach: --root gs://BUCKET/PREFIX or --root s3://BUCKET/PREFIX',
  });
}

/** Most tasks at a time: as many as there are cores, where they run on this machine. */
export function defaultConcurrency(kind: RunnerKind, cores: number): number {
  return kind === 'kubernetes' ? 50 : Math.max(2, cores);
}

function refuseClusterFlags(flags: RunnerFlags, kind: RunnerKind): void {
  for (const [name, flag] of Object.entries(clusterFlags))
    if (flags[name as keyof ClusterFlags] !== undefined)
      throw new UserError('FER1002', {
        problem: `${flag} says something of a cluster, and the runner is ${kind}`,
        fix: 'add --runner kubernetes, or leave it out',
      });
}

function ownerOf({ env }: Settings): Owner | undefined {
  const name = env['FERRULE_DRIVER_JOB'];
  const uid = env['FERRULE_DRIVER_JOB_UID'];
  return name === undefined || uid === undefined ? undefined : { name, uid };
}
