import { FerruleError, InfrastructureError, UserError, messageOf } from '../../errors/index.ts';

/**
 * Turns what the storage library throws into a coded error that names the bucket and says what to do. `object` is the
 * one that was being read, where there was one: it had been listed, so that its absence is a change.
 */
export function bucketError(thrown: unknown, bucket: string, object?: string): Error {
  if (thrown instanceof FerruleError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return thrown;
  const message = messageOf(thrown);
  switch (statusOf(thrown)) {
    case 404:
      if (object !== undefined)
        return new InfrastructureError('FER5028', {
          problem: `gs://${bucket}/${object} was removed while the bucket was read`,
          fix: 'wait until whatever changes the bucket has finished, and try again',
          retryable: true,
          cause: thrown,
        });
      return new UserError('FER5024', {
        problem: `there is no bucket gs://${bucket}`,
        fix: 'check its name (gs://bucket/prefix); a folder is written ./folder',
        cause: thrown,
      });
    case 401:
      return new UserError('FER5025', {
        problem: `the credentials for gs://${bucket} were refused: ${message}`,
        fix: signIn,
        cause: thrown,
      });
    case 403:
      return new UserError('FER5025', {
        problem: `gs://${bucket} may not be read with these credentials: ${message}`,
        fix: 'ask for the role "Storage Object Viewer" on the bucket, or sign in as someone who has it',
        cause: thrown,
      });
    default:
      return isWithoutCredentials(message)
        ? new UserError('FER5025', {
            problem: `there are no credentials to read gs://${bucket}`,
            fix: `${signIn}; if a folder was meant, write its path`,
            cause: thrown,
          })
        : new InfrastructureError('FER5026', {
            problem: `gs://${bucket} cannot be read: ${message}`,
            fix: 'check the network and try again',
            retryable: true,
            cause: thrown,
          });
  }
}

const signIn =
  'run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to a key file';

/** The library rejects with objects that are not always errors; the status is in `code`, or one level down. */
export function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const code = 'code' in thrown ? Number(thrown.code) : Number.NaN;
  if (Number.isInteger(code)) return code;
  const response = 'response' in thrown ? thrown.response : undefined;
  if (typeof response !== 'object' || response === null || !('status' in response)) return undefined;
  return Number(response.status);
}

function isWithoutCredentials(message: string): boolean {
  return /default credentials|Could not (load|refresh)|GOOGLE_APPLICATION_CREDENTIALS|invalid_grant|does not exist, or it is not a file/i.test(
    message,
  );
}
