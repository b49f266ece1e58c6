import { afterAll, describe } from 'vitest';
import { openBucket } from '../../stores/buckets/open-bucket.ts';
import { bucketObjects } from '../../stores/objects/bucket-objects.ts';
import type { ObjectStore } from '../../stores/objects/object-store.ts';
import { parseBucketUri } from '../../stores/root-address.ts';
import { objectStoreContract } from './object-contract.ts';
import { startGcs, startS3, type StoreServer } from './servers.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';

const servers: StoreServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

/** Makes stores, each in a bucket of its own, of one server that is started at the first. */
function storesOf(start: () => Promise<StoreServer>): () => Promise<ObjectStore> {
  let starting: Promise<StoreServer> | undefined;
  return async () => {
    starting ??= start().then((server) => {
      servers.push(server);
      return server;
    });
    const server = await starting;
    const address = parseBucketUri(await server.freshBucket());
    if (address === undefined) throw new Error('no bucket');
    return bucketObjects(await openBucket(address, server.env), 'some/prefix/');
  };
}

describe.skipIf(fakeGcs === undefined)('Google Cloud Storage', () => {
  objectStoreContract(
    'a bucket of it',
    storesOf(() => startGcs(fakeGcs ?? '')),
  );
});

describe.skipIf(versitygw === undefined)('S3', () => {
  objectStoreContract(
    'a bucket of it',
    storesOf(() => startS3(versitygw ?? '')),
  );
});
