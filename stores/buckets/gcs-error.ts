import { messageOf } from '../../errors/index.ts';
import { bucketError, type BucketTrouble } from './bucket-error.ts';
import { isNetworkError, isTransientStatus } from './retrying.ts';

/**
 * Names what the library of Google Cloud Storage threw.
 * @param isOfBucket whether something that is not there can only be the bucket
 */
export function gcsError(
  uri: string,
  endpoint: string,
  thrown: unknown,
  doing: string,
  isOfBucket = false,
): Error {
  const service = {
    endpoint,
    signIn:
      'run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to a key file; if a folder was meant, write its path',
    permission: `ask for the role "Storage Object User" on ${uri} (to read alone, "Storage Object Viewer"), or sign in as someone who has it`,
  };
  return bucketError(uri, service, troubleOf(thrown, isOfBucket), thrown, doing);
}

/** The library rejects with objects that are not always errors; the status is in `code`, or one level down. */
export function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const code = 'code' in thrown ? Number(thrown.code) : Number.NaN;
  if (Number.isInteger(code)) return code;
  const response = 'response' in thrown ? thrown.response : undefined;
  if (typeof response !== 'object' || response === null || !('status' in response)) return undefined;
  return Number(response.status);
}

/** Whether another try may succeed. */
export function isTransient(thrown: unknown): boolean {
  return isTransientStatus(statusOf(thrown)) || isNetworkError(thrown);
}

function troubleOf(thrown: unknown, isOfBucket: boolean): BucketTrouble {
  const message = messageOf(thrown);
  switch (statusOf(thrown)) {
    case 404:
      return /such bucket|bucket does not exist/i.test(message) || isOfBucket ? 'no-bucket' : 'no-object';
    case 401:
      return 'wrong-credentials';
    case 403:
      return 'forbidden';
    case 412:
      return 'precondition';
    default:
      return /default credentials|Could not (load|refresh)|GOOGLE_APPLICATION_CREDENTIALS|invalid_grant|does not exist, or it is not a file|ENOENT: no such file or directory, open/i.test(
        message,
      )
        ? 'no-credentials'
        : 'other';
  }
}
