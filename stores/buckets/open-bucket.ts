import type { BucketAddress } from '../root-address.ts';
import type { Bucket } from './bucket.ts';
import type { StoreEnv } from './gcs-client.ts';

/** Opens the bucket of an address; the client's library is loaded here, at its first use. */
export async function openBucket(address: BucketAddress, env: StoreEnv): Promise<Bucket> {
  switch (address.service) {
    case 'gcs': {
      const { gcsBucket } = await import('./gcs-bucket.ts');
      return gcsBucket(address.bucket, env);
    }
    case 's3': {
      const { s3Bucket } = await import('./s3-bucket.ts');
      return s3Bucket(address.bucket, env);
    }
  }
}
