/** FER9xxx: the server. */
export const serverCodes = {
  FER9001: 'The file of tokens does not read',
  FER9002: 'The server would be open to others without tokens',
  FER9003: 'The server cannot listen at its address',
  FER9004: 'The database of the server cannot be opened',
  FER9005: 'The database is of a newer Ferrule',
  FER9006: 'The database of the server does not answer, or its disk is full',
  FER9007: 'The certificate of the server, or its key, does not read',
  FER9010: 'The server lacks the code of a component',
} as const;
