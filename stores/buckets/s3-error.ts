import { messageOf } from '../../errors/index.ts';
import { bucketError, type BucketTrouble } from './bucket-error.ts';
import { isNetworkError, isTransientStatus } from './retrying.ts';

/**
 * Names what the AWS SDK threw.
 * @param isOfBucket whether something that is not there can only be the bucket
 */
export function s3Error(
  uri: string,
  endpoint: string,
  thrown: unknown,
  doing: string,
  isOfBucket = false,
): Error {
  const service = {
    endpoint,
    signIn:
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run "aws configure"; if a folder was meant, write its path',
    permission: `ask for s3:ListBucket and s3:GetObject on ${uri}, to write also for s3:PutObject and s3:DeleteObject, or use other credentials`,
  };
  return bucketError(uri, service, troubleOf(thrown, isOfBucket), thrown, doing);
}

/** What the SDK calls an error, such as `NoSuchKey`. */
export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}

/** The status of the answer; undefined where there was none. */
export function statusOf(thrown: unknown): number | undefined {
  return metadataOf(thrown)?.httpStatusCode;
}

/** How many times the SDK asked. */
export function triesOf(answer: unknown): number {
  return metadataOf(answer)?.attempts ?? 1;
}

/** Whether another try may succeed. */
export function isTransient(thrown: unknown): boolean {
  return (
    isTransientStatus(statusOf(thrown)) ||
    isNetworkError(thrown) ||
    ['TimeoutError', 'SlowDown', 'RequestTimeout', 'ConditionalRequestConflict'].includes(nameOf(thrown))
  );
}

function metadataOf(
  value: unknown,
): { readonly httpStatusCode?: number; readonly attempts?: number } | undefined {
  if (typeof value !== 'object' || value === null || !('$metadata' in value)) return undefined;
  // Every answer and every error of the SDK carries it in this form.
  return value.$metadata as { httpStatusCode?: number; attempts?: number };
}

function troubleOf(thrown: unknown, isOfBucket: boolean): BucketTrouble {
  switch (nameOf(thrown)) {
    case 'NoSuchBucket':
      return 'no-bucket';
    case 'NoSuchKey':
    case 'NotFound':
      return isOfBucket ? 'no-bucket' : 'no-object';
    case 'XAdminUserNotFound':
      return 'wrong-credentials';
    case 'CredentialsProviderError':
      return 'no-credentials';
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'ExpiredToken':
    case 'InvalidToken':
    case 'TokenRefreshRequired':
      return 'wrong-credentials';
    case 'PreconditionFailed':
      return 'precondition';
    default:
  }
  switch (statusOf(thrown)) {
    case 401:
      return 'wrong-credentials';
    case 403:
      return 'forbidden';
    case 412:
      return 'precondition';
    default:
      if (/region is missing/i.test(messageOf(thrown))) return 'no-region';
      return /could not load credentials/i.test(messageOf(thrown)) ? 'no-credentials' : 'other';
  }
}
