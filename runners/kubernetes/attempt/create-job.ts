/** Makes the Job of an attempt in the cluster. */
import type { V1Job } from '@kubernetes/client-node';
import type { Attempt, AttemptSink } from '../../../engine/ports.ts';
import { ApiError } from '../api/api-error.ts';
import { pause } from '../api/backoff.ts';
import type { Connection } from '../api/connection.ts';

/** Milliseconds between tries where the namespace may hold no more Jobs for now. */
const quotaPause = 10_000;

/**
 * Makes a Job. One that exists already is the very same attempt's: an earlier request, or driver, made it.
 * @throws ApiError
 */
export async function createJob(
  connection: Connection,
  job: V1Job,
  { signal }: Attempt,
  sink: AttemptSink,
): Promise<'made' | 'exists' | 'cancelled'> {
  while (!signal.aborted) {
    try {
      await connection.call(
        {
          what: 'create jobs',
          method: 'POST',
          path: `/apis/batch/v1/namespaces/${connection.namespace}/jobs`,
          query: { fieldManager: 'ferrule' },
          body: job,
        },
        signal,
      );
      return 'made';
    } catch (thrown) {
      if (signal.aborted) break;
      if (!(thrown instanceof ApiError)) throw thrown;
      if (thrown.status === 409) return 'exists';
      if (thrown.status !== 403 || !/exceeded quota/.test(thrown.message)) throw thrown;
      sink.progress({
        kind: 'waiting',
        reason: `the namespace may hold no more Jobs for now: ${thrown.message.replace(/^.*exceeded quota: /, '')}`,
      });
      await pause(quotaPause, signal);
    }
  }
  return 'cancelled';
}
