/** Opens the schedules of a backend, as options and the environment name it. */
import type { ScheduleService } from '../../remotes/schedule-ports.ts';
import { readClusterSettings } from '../cluster-config.ts';
import { concurrencyOf, openWorkbench } from '../compose.ts';
import { vertexSettings, type VertexJobFlags } from '../remotes/job-options.ts';
import { openKfp, openVertex, type KfpFlags, type VertexFlags } from '../remotes/open-remotes.ts';
import { refuseOptionsOfOthers, type OptionsOfBackends } from '../remotes/options-of-backends.ts';
import { chooseRunner } from '../runner-choice.ts';
import type { Settings } from '../settings.ts';

export interface ScheduleFlags extends KfpFlags, VertexFlags, Partial<VertexJobFlags> {
  readonly backend: 'kfp' | 'vertex' | 'kubernetes';
  readonly root?: string;
  readonly context?: string;
  readonly clusterConfig?: string;
  readonly queue?: string;
  readonly priorityClass?: string;
  readonly concurrency?: number;
}

/** Options of `schedule` that only some backends know. */
const ofBackend: OptionsOfBackends = {
  host: { flag: '--host', backends: ['kfp'] },
  namespace: { flag: '--namespace', backends: ['kfp', 'kubernetes'] },
  ca: { flag: '--ca', backends: ['kfp', 'vertex'] },
  project: { flag: '--project', backends: ['vertex'] },
  region: { flag: '--region', backends: ['vertex'] },
  endpoint: { flag: '--endpoint', backends: ['vertex'] },
  root: { flag: '--root', backends: ['kubernetes'] },
  context: { flag: '--context', backends: ['kubernetes'] },
  clusterConfig: { flag: '--cluster-config', backends: ['kubernetes'] },
  queue: { flag: '--queue', backends: ['kubernetes'] },
  priorityClass: { flag: '--priority-class', backends: ['kubernetes'] },
  concurrency: { flag: '--concurrency', backends: ['kubernetes'] },
  description: { flag: '--description', backends: ['kfp', 'kubernetes'] },
  experiment: { flag: '--experiment', backends: ['kfp'] },
  pipelineRoot: { flag: '--pipeline-root', backends: ['kfp', 'vertex'] },
  serviceAccount: { flag: '--service-account', backends: ['kfp', 'vertex'] },
  label: { flag: '--label', backends: ['vertex', 'kubernetes'] },
  network: { flag: '--network', backends: ['vertex'] },
  reservedIpRange: { flag: '--reserved-ip-range', backends: ['vertex'] },
  encryptionKey: { flag: '--encryption-key', backends: ['vertex'] },
  failurePolicy: { flag: '--failure-policy', backends: ['vertex'] },
  accelerator: { flag: '--accelerator', backends: ['vertex'] },
};

/**
 * Opens the schedules of a backend.
 * @throws UserError FER1002 for options of another one, FER8010 where nothing names it, FER1006 for a root that pods cannot reach
 */
export async function openSchedules(settings: Settings, flags: ScheduleFlags): Promise<ScheduleService> {
  refuseOptionsOfOthers(flags, ofBackend);
  switch (flags.backend) {
    case 'kfp': {
      const { kfpSchedules } = await import('../../remotes/kfp/recurring-runs.ts');
      return kfpSchedules(await openKfp(settings, flags));
    }
    case 'vertex': {
      const { vertexSchedules } = await import('../../remotes/vertex/schedules.ts');
      const job = vertexSettings(settings, { ...flags, reservedIpRange: flags.reservedIpRange ?? [] });
      return vertexSchedules(await openVertex(settings, flags), job);
    }
    case 'kubernetes':
      return openClusterSchedules(settings, flags);
  }
}

async function openClusterSchedules(settings: Settings, flags: ScheduleFlags): Promise<ScheduleService> {
  const { namespace, context, queue, priorityClass, clusterConfig } = flags;
  const given = Object.entries({ namespace, context, queue, priorityClass, clusterConfig });
  const cluster = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const choice = await chooseRunner({ runner: 'kubernetes', ...cluster }, settings);
  const config = await readClusterSettings(cluster, settings);
  const concurrency = concurrencyOf(choice, flags.concurrency);
  const silent = { event: () => undefined, log: () => undefined };
  const { root, ports } = await openWorkbench(settings, silent, choice, concurrency);
  const { openCronJobs } = await import('../../runners/kubernetes/driver/cron-jobs.ts');
  const { clusterSchedules } = await import('./cluster/cluster-schedules.ts');
  const cronJobs = await openCronJobs(config);
  return clusterSchedules({ cronJobs, root, config, runner: ports.runner, concurrency });
}
