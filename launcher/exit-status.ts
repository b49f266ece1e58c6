/** How the launcher's process ends: all that a platform sees of an attempt besides its log. */
export const exitStatus = {
  /** The attempt's result is there, and it is a success. */
  succeeded: 0,
  /** The attempt's result is there, and it is a failure with a code. */
  failed: 1,
  /** Its arguments do not read: nothing was done. */
  misused: 64,
  /** The pipeline root took no result, after several tries: another attempt may have more luck. */
  unkept: 75,
  /** The command was killed by SIGKILL, most often for its memory. There is no result: the platform knows why. */
  killed: 137,
  /** It was asked to stop, and stopped without a result. */
  stopped: 143,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
