/** FER8xxx: the server. */
export const serverCodes = {
  FER8001: 'The file of tokens does not read',
  FER8002: 'The server would be open to others without tokens',
  FER8003: 'The server cannot listen at its address',
  FER8004: 'The database of the server cannot be opened',
} as const;
