/** What signs requests to a remote service. */
export interface Credentials {
  /** Gives the headers that sign a request. Names are lower-case. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Takes note that they were refused. @returns whether others may be there now, so that one more try is worth it */
  renew(): Promise<boolean>;
  /** What a person does to get others, as a whole instruction. */
  readonly signIn: string;
}

/** Signs nothing: for services that ask for no credentials. */
export function noCredentials(signIn: string): Credentials {
  return { headers: async () => ({}), renew: async () => false, signIn };
}

/** Signs with headers that stay as they are. */
export function fixedCredentials(headers: Readonly<Record<string, string>>, signIn: string): Credentials {
  return { headers: async () => headers, renew: async () => false, signIn };
}

/** Signs with a bearer token that was got elsewhere. */
export function bearerToken(token: string, signIn: string): Credentials {
  return fixedCredentials({ authorization: `Bearer ${token.trim()}` }, signIn);
}
