/** FER91xx: sweeps. */
export const sweepCodes = {
  FER9101: 'The description of a sweep does not read',
  FER9102: 'A sweep and the parameters of its pipeline do not fit',
  FER9103: 'The metric of a sweep is not an output of its pipeline',
  FER9104: 'A trial ended without its metric',
  FER9105: 'There is no such sweep',
  FER9106: 'The sweep goes on elsewhere',
  FER9107: 'The log of a sweep does not read',
  FER9108: 'All trials of a sweep failed',
} as const;
