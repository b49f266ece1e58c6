/** FER4xxx: planning and running a spec. */
export const engineCodes = {
  FER4000: 'The engine met a state that must not be',
} as const;
