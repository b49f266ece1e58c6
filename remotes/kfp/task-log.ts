import type { KfpHttp } from './kfp-http.ts';

/**
 * Reads what a task has printed so far. KFP has this at v1alpha1 alone.
 * @param node the id of the task
 */
export function kfpTaskLog(http: KfpHttp, runId: string, node: string): Promise<string> {
  const path = `/v1alpha1/runs/${encodeURIComponent(runId)}/nodes/${encodeURIComponent(node)}/log`;
  return http.text(path, `reading the log of ${node} of the run ${runId}`);
}
