import type * as Sdk from '@aws-sdk/client-s3';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { StoreEnv } from './gcs-client.ts';

/** The client with the commands that go through it. */
export interface S3 {
  readonly client: S3Client;
  readonly sdk: typeof Sdk;
  /** Where it is asked, for messages. */
  readonly endpoint: string;
}

const clients = new Map<string, Promise<S3>>();

/** Names of the variables that decide where and as whom S3 is asked. */
const deciding = [
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;

/**
 * Gives a client of S3, made at its first use. Endpoint, region and credentials are found as the AWS tools find them;
 * an endpoint of one's own is asked by path, as most servers beside Amazon's want it.
 */
export function s3Client(env: StoreEnv): Promise<S3> {
  const name = JSON.stringify(deciding.map((variable) => env[variable]));
  const known = clients.get(name) ?? connect(env);
  clients.set(name, known);
  return known;
}

async function connect(env: StoreEnv): Promise<S3> {
  // Which Node.js the SDK's next versions want is no concern of whoever runs a pipeline.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined;
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;
  const config: S3ClientConfig = {
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(region !== undefined && { region }),
    // Servers beside Amazon's have no regions, yet every request names one.
    ...(region === undefined && endpoint !== undefined && { region: 'us-east-1' }),
    ...credentialsIn(env),
    followRegionRedirects: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5000, socketTimeout: 60_000 },
  };
  return { client: new sdk.S3Client(config), sdk, endpoint: endpoint ?? 'Amazon S3' };
}

/** What the environment that was given says, which need not be the process's own; else the SDK looks for itself. */
function credentialsIn(env: StoreEnv): S3ClientConfig {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_PROFILE: profile } = env;
  if (accessKeyId && secretAccessKey)
    return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
  return profile ? { profile } : {};
}
