import { FerruleError, InfrastructureError, UserError, messageOf } from '../../errors/index.ts';

/** What went wrong with a bucket, told apart from how each service says it. */
export type BucketTrouble =
  | 'no-bucket'
  | 'no-object'
  | 'no-region'
  | 'no-credentials'
  | 'wrong-credentials'
  | 'forbidden'
  | 'precondition'
  | 'other';

export interface Service {
  /** How to get credentials, as a sentence's beginning. */
  readonly signIn: string;
  /** What to ask for where something is not allowed. */
  readonly permission: string;
  /** Tells where the service is looked for, for a message. */
  readonly endpoint: string;
}

/** Makes a coded error of what a client threw: it names the bucket, what was being done, and what to do. */
export function bucketError(
  uri: string,
  service: Service,
  trouble: BucketTrouble,
  thrown: unknown,
  doing: string,
): Error {
  if (thrown instanceof FerruleError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return thrown;
  const cause = thrown;
  // Clients put the whole request before the reason.
  const message = messageOf(thrown).replace(/^request to .* failed, reason: /s, '');
  switch (trouble) {
    case 'no-bucket':
      return new UserError('FER5024', {
        problem: `there is no bucket ${uri} at ${service.endpoint}, while ${doing}`,
        fix: 'check its name, or make it; a folder is written ./folder',
        cause,
      });
    case 'no-credentials':
      return new UserError('FER5025', {
        problem: `there are no credentials for ${uri}, while ${doing}: ${message}`,
        fix: service.signIn,
        cause,
      });
    case 'no-region':
      return new UserError('FER5025', {
        problem: `nothing says in which region ${uri} lies, while ${doing}`,
        fix: "set AWS_REGION; for a server beside Amazon's set AWS_ENDPOINT_URL_S3",
        cause,
      });
    case 'wrong-credentials':
      return new UserError('FER5025', {
        problem: `the credentials for ${uri} were refused while ${doing}: ${message}`,
        fix: service.signIn,
        cause,
      });
    case 'forbidden':
      return new UserError('FER5025', {
        problem: `these credentials do not allow it: ${message}, while ${doing}`,
        fix: service.permission,
        cause,
      });
    case 'no-object':
    case 'precondition':
      return new InfrastructureError('FER5028', {
        problem: `an object of ${uri} was changed or removed by somebody else while ${doing}`,
        fix: 'wait until whatever changes the bucket has finished, and try again',
        retryable: true,
        cause,
      });
    case 'other':
      return new InfrastructureError('FER5026', {
        problem: `${uri} cannot be reached at ${service.endpoint} while ${doing}: ${message}`,
        fix: 'check the network and the endpoint, and try again',
        retryable: true,
        cause,
      });
  }
}
