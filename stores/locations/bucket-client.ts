import type { Storage } from '@google-cloud/storage';

const clients = new Map<string, Promise<Storage>>();

/**
 * Gives the client for an endpoint, made at its first use: the library takes 0.15 s to load. An endpoint of one's own
 * is asked without credentials, as emulators want it.
 * @param given the endpoint. @default what FERRULE_GCS_ENDPOINT says, as for pipeline roots
 */
export function storageAt(given: string | undefined): Promise<Storage> {
  const endpoint = given ?? (process.env['FERRULE_GCS_ENDPOINT'] || undefined);
  const key = endpoint ?? '';
  const known = clients.get(key) ?? connect(endpoint);
  clients.set(key, known);
  return known;
}

async function connect(endpoint: string | undefined): Promise<Storage> {
  const { Storage } = await import('@google-cloud/storage');
  const storage = new Storage({
    ...(endpoint !== undefined && { apiEndpoint: endpoint.replace(/\/+(storage\/v1\/*)?$/, '') }),
    retryOptions: { maxRetries: 2, maxRetryDelay: 4, totalTimeout: 60 },
  });
  // The library takes STORAGE_EMULATOR_HOST for the whole base and forgets the path of the API.
  const host = storage.apiEndpoint.replace(/\/+(storage\/v1\/*)?$/, '');
  storage.apiEndpoint = host;
  storage.baseUrl = `${host}/storage/v1`;
  return storage;
}
