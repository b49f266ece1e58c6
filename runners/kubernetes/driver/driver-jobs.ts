/** Creates the Jobs of drivers. */
import { openAccess } from '../api/cluster-access.ts';
import { openConnection } from '../api/connection.ts';
import { requireDriverAccount } from './driver-account.ts';
import { driverJob, type DriverRequest } from './driver-job.ts';
import type { ClusterConfig } from '../options.ts';

export interface DriverJobs {
  /** Where they are created. */
  readonly namespace: string;
  /** Asks the cluster whether it would take the Job, without making it. @throws coded errors where it would not */
  check(driver: Omit<DriverRequest, 'namespace'>): Promise<void>;
  /** Creates the Job; returns its name. */
  create(driver: Omit<DriverRequest, 'namespace'>): Promise<string>;
  close(): void;
}

/** Opens the cluster. */
export async function openDriverJobs({ context, namespace }: ClusterConfig): Promise<DriverJobs> {
  const access = await openAccess({
    ...(context !== undefined && { context }),
    ...(namespace !== undefined && { namespace }),
  });
  const connection = openConnection(access);
  const post = async (driver: Omit<DriverRequest, 'namespace'>, dryRun: boolean): Promise<string> => {
    const job = driverJob({ ...driver, namespace: access.namespace });
    try {
      await connection.call({
        what: 'create jobs',
        method: 'POST',
        path: `/apis/batch/v1/namespaces/${access.namespace}/jobs`,
        ...(dryRun && { query: { dryRun: 'All' } }),
        body: job,
      });
    } catch (thrown) {
      throw connection.explain(thrown);
    }
    return job.metadata?.name ?? '';
  };
  return {
    namespace: access.namespace,
    async check(driver) {
      await requireDriverAccount(connection, driver.config);
      await post(driver, true);
    },
    create: (driver) => post(driver, false),
    close() {
      connection.close();
      access.close();
    },
  };
}
