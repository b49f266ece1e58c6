import type { Storage, StorageOptions } from '@google-cloud/storage';

/** What the clients of object stores are told by the environment. */
export type StoreEnv = Readonly<Record<string, string | undefined>>;

export interface GcsClient {
  readonly storage: Storage;
  /** The same for uploads in pieces: there the library knows which pieces arrived, and sends the rest again. */
  readonly uploads: Storage;
  /** Where it is asked, without a slash at its end. */
  readonly endpoint: string;
  /** Whether it asks without credentials. */
  readonly anonymous: boolean;
}

const clients = new Map<string, Promise<GcsClient>>();

/**
 * Gives a client of Google Cloud Storage, made at its first use: the library takes 0.15 s to load. An endpoint of
 * one's own (FERRULE_GCS_ENDPOINT, or STORAGE_EMULATOR_HOST as the library has it) is asked without credentials.
 */
export function gcsClient(env: StoreEnv): Promise<GcsClient> {
  const endpoint = env['FERRULE_GCS_ENDPOINT'] || env['STORAGE_EMULATOR_HOST'] || undefined;
  const keyFile = env['GOOGLE_APPLICATION_CREDENTIALS'] || undefined;
  const name = JSON.stringify([endpoint, keyFile]);
  const known = clients.get(name) ?? connect(endpoint, keyFile);
  clients.set(name, known);
  return known;
}

async function connect(endpoint: string | undefined, keyFile: string | undefined): Promise<GcsClient> {
  const { IdempotencyStrategy, Storage } = await import('@google-cloud/storage');
  const withScheme = endpoint === undefined || endpoint.includes('://') ? endpoint : `http://${endpoint}`;
  const client = (retryOptions: StorageOptions['retryOptions']): Storage => {
    const storage = new Storage({
      ...(withScheme !== undefined && { apiEndpoint: base(withScheme), projectId: 'ferrule' }),
      ...(keyFile !== undefined && { keyFilename: keyFile }),
      timeout: 60_000,
      ...(retryOptions && { retryOptions }),
    });
    // The library takes STORAGE_EMULATOR_HOST for the whole base and forgets the path of the API.
    storage.apiEndpoint = base(withScheme ?? storage.apiEndpoint);
    storage.baseUrl = `${storage.apiEndpoint}/storage/v1`;
    return storage;
  };
  // What can be tried again is, here: only who made each try knows whether an earlier one may have done the work.
  const storage = client({ autoRetry: false });
  const uploads = client({
    autoRetry: true,
    maxRetries: 5,
    maxRetryDelay: 8,
    totalTimeout: 60,
    // A file is uploaded to a key of its own: twice is as good as once.
    idempotencyStrategy: IdempotencyStrategy.RetryAlways,
  });
  return { storage, uploads, endpoint: storage.apiEndpoint, anonymous: withScheme !== undefined };
}

function base(endpoint: string): string {
  return endpoint.replace(/\/+(storage\/v1\/*)?$/, '');
}
