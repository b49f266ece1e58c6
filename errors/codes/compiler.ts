/** FER2xxx: what the compiler finds in a pipeline's source. */
export const compilerCodes = {
  FER2001: 'A source file has a syntax error',
} as const;
