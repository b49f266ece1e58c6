import { messageOf, UserError } from '../../errors/index.ts';
import { bearerToken, type Credentials } from './credentials.ts';

/** Names and values of environment variables. */
export type RemoteEnv = Readonly<Record<string, string | undefined>>;

/** Credentials of Google Cloud. */
export interface GoogleCredentials extends Credentials {
  /** Gives the project that the credentials belong to; undefined where they name none. */
  project(): Promise<string | undefined>;
}

const signIn =
  'run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to a key file, or CLOUDSDK_AUTH_ACCESS_TOKEN to a token';

/**
 * Signs as Google's own tools do: with a token in CLOUDSDK_AUTH_ACCESS_TOKEN where there is one, else with the application
 * default credentials. The library is loaded and asked at the first request.
 */
export function googleCredentials(env: RemoteEnv): GoogleCredentials {
  const token = env['CLOUDSDK_AUTH_ACCESS_TOKEN'];
  const named = env['GOOGLE_CLOUD_PROJECT'] || undefined;
  if (token) return { ...bearerToken(token, signIn), project: async () => named };
  let opened: ReturnType<typeof open> | undefined;
  const client = async () => (opened ??= open(env));
  return {
    signIn,
    async headers() {
      try {
        const signed = await (await client()).signer.getRequestHeaders();
        const headers = Object.fromEntries(signed.entries());
        // A key file that is none is taken for another kind of key, and signs nothing.
        if (headers['authorization'] === undefined) throw new Error('the key file gives no token');
        return headers;
      } catch (error) {
        throw noGoogleCredentials(error);
      }
    },
    async renew() {
      opened = undefined;
      return true;
    },
    async project() {
      if (named !== undefined) return named;
      try {
        return await (await client()).auth.getProjectId();
      } catch {
        return undefined;
      }
    },
  };
}

async function open(env: RemoteEnv) {
  const { GoogleAuth } = await import('google-auth-library');
  const keyFilename = env['GOOGLE_APPLICATION_CREDENTIALS'] || undefined;
  const auth = new GoogleAuth({
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    ...(keyFilename !== undefined && { keyFilename }),
  });
  return { auth, signer: await auth.getClient() };
}

function noGoogleCredentials(cause: unknown): UserError {
  return new UserError('FER8002', {
    problem: `there are no credentials for Google Cloud: ${messageOf(cause)}`,
    fix: signIn,
    cause,
  });
}
