import { isTransient as isTransientGcs } from './gcs-error.ts';
import { isTransient as isTransientS3 } from './s3-error.ts';

/** Whether a transfer that broke may succeed when it is tried again. */
export function isTransferError(error: unknown): boolean {
  return isTransientGcs(error) || isTransientS3(error);
}
