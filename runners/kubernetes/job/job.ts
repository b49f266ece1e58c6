/** The manifest of an attempt: one Job with one pod. */
import type { V1Job } from '@kubernetes/client-node';
import type { Attempt } from '../../../engine/ports.ts';
import { readExecutorConfig } from '../refuse.ts';
import type { ExecutorConfig } from './executor-config.ts';
import { labelValue, marks } from '../api/label-value.ts';
import type { JobOptions } from '../options.ts';
import { podOf } from './pod.ts';

/**
 * Makes the Job of an attempt. Its pod is started once and never again: a second try is another attempt, with another
 * Job, so that nobody but the engine counts tries.
 * @throws UserError for settings that are wrong, placeholders that stand for nothing and secrets without a place
 */
export function jobFor(attempt: Attempt, options: JobOptions): V1Job {
  const config = readExecutorConfig(attempt.kubernetes);
  const { owner, queue, namespace } = options;
  const metadata = metadataOf(attempt, options, config);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...metadata,
      name: attempt.name,
      namespace,
      ...(queue !== undefined && {
        labels: { ...metadata.labels, 'kueue.x-k8s.io/queue-name': queue },
      }),
      ...(owner && {
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', ...owner, blockOwnerDeletion: false }],
      }),
    },
    spec: {
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      ttlSecondsAfterFinished: options.ttlSecondsAfterFinished,
      // Kueue starts it when it is its turn; without this its pod could exist for a moment.
      ...(queue !== undefined && { suspend: true }),
      template: { metadata, spec: podOf(attempt, options, config) },
    },
  };
}

/** Labels hold what is selected by, cut to what a label takes; annotations the full names. */
function metadataOf(
  attempt: Attempt,
  options: JobOptions,
  config: ExecutorConfig,
): { readonly labels: Record<string, string>; readonly annotations: Record<string, string> } {
  const { labels, annotations } = config.podMetadata ?? {};
  return {
    labels: {
      ...options.labels,
      ...labels,
      [marks.managedBy]: 'ferrule',
      [marks.run]: labelValue(attempt.runId),
      [marks.task]: labelValue(attempt.task),
      [marks.attempt]: `${attempt.number}`,
      [marks.pipeline]: labelValue(attempt.pipeline),
    },
    annotations: {
      ...options.annotations,
      ...annotations,
      [marks.run]: attempt.runId,
      [marks.task]: attempt.task,
      [marks.pipeline]: attempt.pipeline,
    },
  };
}
