/** Tells that an attempt was ended at its timeout, in seconds. */
export function timeoutFailure({ timeoutSeconds }: { readonly timeoutSeconds?: number }): {
  readonly code: 'FER6011';
  readonly kind: 'user';
  readonly problem: string;
  readonly fix: string;
  readonly retryable: true;
} {
  return {
    code: 'FER6011',
    kind: 'user',
    problem: `the attempt took longer than its timeout of ${timeoutSeconds} s, and was ended`,
    fix: 'raise the timeout of the task, or make it do less',
    retryable: true,
  };
}
