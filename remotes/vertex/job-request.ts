import { randomBytes } from 'node:crypto';
import { UserError } from '../../errors/index.ts';
import { withCaching } from '../caching.ts';
import type { RemoteRunRequest } from '../ports.ts';
import { runNameOf } from '../run-name.ts';

/** What runs on Vertex AI take beyond what all runs do. */
export interface VertexSettings {
  /** Where artifacts go where neither request nor spec says: `gs://bucket`. */
  readonly stagingBucket?: string;
  /** `projects/NUMBER/global/networks/NAME`: the network that tasks are peered with. */
  readonly network?: string;
  /** Names of reserved ranges of addresses in that network. */
  readonly reservedIpRanges?: readonly string[];
  /** A key of Cloud KMS, by its whole name. */
  readonly encryptionKey?: string;
  /** Whether a failed task lets others go on that do not need it. @default slow: it does */
  readonly failurePolicy?: 'slow' | 'fast';
}

/**
 * Writes a PipelineJob.
 * @throws UserError FER8014 where no bucket is named, or a setting does not fit
 */
export function jobRequest(request: RemoteRunRequest, settings: VertexSettings): Record<string, unknown> {
  const { compiled, parameters, caching, serviceAccount, labels, template } = request;
  const { network, reservedIpRanges = [], encryptionKey, failurePolicy } = settings;
  if (request.experiment !== undefined)
    throw misfit(
      'Vertex AI has no lists of runs as KFP has',
      'leave --experiment out; --label finds runs again',
    );
  // Vertex AI takes one document: what a second one says, it has no use for.
  const { spec } = withCaching(compiled, caching, { enableCache: false });
  return {
    displayName: request.name ?? runNameOf(spec.pipelineInfo.name, new Date()),
    pipelineSpec: spec,
    ...(labels !== undefined && Object.keys(labels).length > 0 && { labels: checkedLabels(labels) }),
    runtimeConfig: {
      gcsOutputDirectory: outputDirectory(request, settings),
      ...(Object.keys(parameters).length > 0 && { parameterValues: parameters }),
      ...(failurePolicy !== undefined && { failurePolicy: failurePolicies[failurePolicy] }),
    },
    ...(encryptionKey !== undefined && { encryptionSpec: { kmsKeyName: encryptionKey } }),
    ...(serviceAccount !== undefined && { serviceAccount }),
    ...(network !== undefined && { network }),
    ...(reservedIpRanges.length > 0 && { reservedIpRanges }),
    ...(template !== undefined && template.uri.startsWith('https:') && { templateUri: template.uri }),
  };
}

const failurePolicies = {
  slow: 'PIPELINE_FAILURE_POLICY_FAIL_SLOW',
  fast: 'PIPELINE_FAILURE_POLICY_FAIL_FAST',
} as const;

/** Names a job. It is chosen here so that a job whose answer got lost is not started twice. */
export function newJobId(pipeline: string, at: Date): string {
  const name = pipeline
    .toLowerCase()
    .replaceAll(/[^-0-9a-z]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  const time = at.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return `${(name === '' ? 'run' : name).slice(0, 100)}-${time}-${randomBytes(2).toString('hex')}`;
}

function outputDirectory(
  { compiled, pipelineRoot }: RemoteRunRequest,
  { stagingBucket }: VertexSettings,
): string {
  const found = pipelineRoot ?? compiled.spec.defaultPipelineRoot ?? stagingBucket;
  if (found === undefined || found === '')
    throw misfit(
      'nothing says where Vertex AI is to keep artifacts',
      'set STAGING_BUCKET=gs://BUCKET, or name a folder of a bucket with --pipeline-root',
    );
  if (!found.startsWith('gs://'))
    throw misfit(
      `Vertex AI keeps artifacts in Google Cloud Storage, not in ${found}`,
      'write gs://BUCKET or gs://BUCKET/FOLDER',
    );
  return found;
}

function checkedLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(labels))
    if (
      !/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(name) ||
      !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)
    )
      throw misfit(
        `the label ${name}=${value} is none that Google Cloud takes`,
        'write lower-case letters, digits, "_" and "-", at most 63 of them',
      );
  return labels;
}

function misfit(problem: string, fix: string): UserError {
  return new UserError('FER8014', { problem, fix });
}
