import { openAccess, type AccessOptions } from './cluster-access.ts';
import { openConnection } from './connection.ts';

/**
 * Asks a cluster what it is.
 * @param signal aborted where its answer is not worth the wait any more
 * @returns its version, address and namespace, in words
 * @throws coded errors where it does not answer, or not us
 */
export async function askCluster(options: AccessOptions, signal: AbortSignal): Promise<string> {
  const access = await openAccess(options);
  const connection = openConnection(access);
  try {
    const answer = await connection.call({ what: 'get version', path: '/version' }, signal);
    return `${versionOf(answer)} at ${access.server}, namespace ${access.namespace}`;
  } catch (thrown) {
    throw signal.aborted ? new Error(`${access.server} has not answered yet`) : connection.explain(thrown);
  } finally {
    connection.close();
    access.close();
  }
}

function versionOf(answer: unknown): string {
  const version =
    typeof answer === 'object' && answer !== null && 'gitVersion' in answer ? answer.gitVersion : '';
  return typeof version === 'string' ? version : '';
}
