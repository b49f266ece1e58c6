import { UserError } from '../../../errors/index.ts';
import { ApiError } from '../api/api-error.ts';
import type { Connection } from '../api/connection.ts';
import { defaultAccount } from './driver-job.ts';
import type { ClusterConfig } from '../options.ts';

/**
 * Looks for the service account of drivers: a Job without it is taken, and then never gets a pod.
 * @throws UserError FER1008 where there is none
 */
export async function requireDriverAccount(connection: Connection, config: ClusterConfig): Promise<void> {
  const name = config.driverServiceAccount ?? defaultAccount;
  const { namespace } = connection;
  try {
    await connection.call({
      what: 'get serviceaccounts',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`,
    });
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw connection.explain(thrown);
    // Who may not look may still be right.
    if (thrown.status === 403) return;
    if (thrown.status !== 404) throw connection.explain(thrown);
    throw new UserError('FER1008', {
      problem: `the namespace ${namespace} has no service account ${name} for the driver`,
      fix: `make what runs need: ferrule cluster manifests --namespace ${namespace} | kubectl apply -f -`,
      cause: thrown,
    });
  }
}
