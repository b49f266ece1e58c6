/** FER608x: the launcher, the program that runs attempts inside pods. */
export const launcherCodes = {
  FER6080: 'The launcher was called with arguments that do not read',
  FER6081: 'An attempt has no assignment under the pipeline root',
  FER6082: "A component's command cannot be started",
} as const;
