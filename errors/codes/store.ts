/** FER5xxx: artifact stores, run logs, caches and outside data. */
export const storeCodes = {
  FER5001: 'A store cannot be read or written',
} as const;
