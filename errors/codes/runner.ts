/** FER6xxx: runners and the executor that runs a component. */
export const runnerCodes = {
  FER6001: 'A component ended with an error',
} as const;
