import type { Runner } from '../../../engine/index.ts';
import type { CronJobs } from '../../../runners/kubernetes/driver/cron-jobs.ts';
import type { ClusterConfig } from '../../../runners/kubernetes/options.ts';
import type { Root } from '../../../stores/index.ts';

/** What schedules in a cluster are made of. */
export interface ClusterParts {
  readonly cronJobs: CronJobs;
  readonly root: Pick<Root, 'uri' | 'objects' | 'runs' | 'tableFile' | 'bundles'>;
  readonly config: ClusterConfig;
  /** Checks what it could not run. */
  readonly runner: Runner;
  /** Most tasks of a run at a time. */
  readonly concurrency: number;
}
