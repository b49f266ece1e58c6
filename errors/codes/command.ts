/** FER1xxx: the command line, its options and the project's settings. */
export const commandCodes = {
  FER1001: 'A file named on the command line cannot be read',
  FER1002: 'An option or parameter on the command line is malformed',
  FER1003: 'No such run, task or artifact under this root',
  FER1004: 'The target folder of `init` is not empty',
  FER1005: 'The run is driven by another process',
  FER1006: 'Pods cannot reach the pipeline root',
  FER1007: 'Attempts of the run may still go on on another runner',
  FER1008: 'A run cannot be detached',
  FER1009: 'A file that would be written anew was edited by hand',
  FER1010: 'A document cannot be fetched from its URL',
  FER1011: 'A file named on the command line cannot be written',
} as const;
