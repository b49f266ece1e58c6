import { FerruleError, InfrastructureError, UserError, messageOf } from '../errors/index.ts';

/** Names what a file operation failed of: the disk is full, not allowed, anything else. Coded errors pass through. */
export function storeError(error: unknown, doing: string): Error {
  if (error instanceof FerruleError) return error;
  const code = errnoOf(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new InfrastructureError('FER5003', {
        problem: `no space left while ${doing}`,
        fix: 'free some space (`ferrule gc` removes what no run or cache entry needs), then `ferrule resume`',
        retryable: true,
        cause: error,
      });
    case 'EFBIG':
      return new InfrastructureError('FER5003', {
        problem: `a file may not grow as large as it has to while ${doing}`,
        fix: 'raise the limit of this process (`ulimit -f`), or name a root on another file system',
        retryable: false,
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UserError('FER5004', {
        problem: `${messageOf(error)}, while ${doing}`,
        fix: 'check who owns the file and its folder, and their modes',
        cause: error,
      });
    default:
      return new InfrastructureError('FER5001', {
        problem: `${messageOf(error)}, while ${doing}`,
        retryable: true,
        cause: error,
      });
  }
}

/** Tells the code of a system error, such as `ENOENT`; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Does file work, and names its failure. */
export async function storing<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error, doing);
  }
}
