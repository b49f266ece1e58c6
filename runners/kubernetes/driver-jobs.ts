/** Creates the Jobs of drivers. */
import { UserError } from '../../errors/index.ts';
import { ApiError } from './api-error.ts';
import { openAccess } from './cluster-access.ts';
import { openConnection } from './connection.ts';
import { defaultAccount, driverJob, type DriverRequest } from './driver-job.ts';
import type { ClusterConfig } from './options.ts';

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
  /** A Job without its account is taken, and then never gets a pod. */
  const requireAccount = async (name: string): Promise<void> => {
    const { namespace: where } = access;
    try {
      await connection.call({
        what: 'get serviceaccounts',
        path: `/api/v1/namespaces/${where}/serviceaccounts/${name}`,
      });
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw connection.explain(thrown);
      // Who may not look may still be right.
      if (thrown.status === 403) return;
      if (thrown.status !== 404) throw connection.explain(thrown);
      throw new UserError('FER1008', {
        problem: `the namespace ${where} has no service account ${name} for the driver`,
        fix: `make what runs need: ferrule cluster manifests --namespace ${where} | kubectl apply -f -`,
        cause: thrown,
      });
    }
  };
  return {
    namespace: access.namespace,
    async check(driver) {
      await requireAccount(driver.config.driverServiceAccount ?? defaultAccount);
      await post(driver, true);
    },
    create: (driver) => post(driver, false),
    close() {
      connection.close();
      access.close();
    },
  };
}
