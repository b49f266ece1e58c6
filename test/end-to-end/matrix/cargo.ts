/** What the cases of the matrix find in stores, on this machine and in the cluster. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gcsServer, s3Keys, s3Server } from '../../counterparts.ts';
import type { ClusterApis } from '../../runners/kubernetes/cluster.ts';

/** What the cases take from elsewhere: objects, a file, a Secret and a ConfigMap. */
export async function layOut(folder: string, bucket: string, { core }: ClusterApis): Promise<void> {
  await writeFile(join(folder, 'greeting.txt'), 'hello');
  await writeFile(
    join(folder, 'cluster.yaml'),
    JSON.stringify({
      namespace: bucket,
      storeSecret: 'store',
      env: { FERRULE_GCS_ENDPOINT: gcsServer, AWS_ENDPOINT_URL_S3: s3Server, AWS_REGION: 'us-east-1' },
    }),
  );
  const { Storage } = await import('@google-cloud/storage');
  const gcs = new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' }).bucket(bucket);
  await gcs.file('outside/greeting.txt').save('hello', { resumable: false });
  const { S3Client, CreateBucketCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const credentials = s3Keys;
  const s3 = new S3Client({
    endpoint: s3Server ?? '',
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
  });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const name of ['a.txt', 'b.txt'])
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `outside/folder/${name}`, Body: name }));
  const secret = (name: string, stringData: Record<string, string>): Promise<unknown> =>
    core.createNamespacedSecret({ namespace: bucket, body: { metadata: { name }, stringData } });
  await secret('store', {
    AWS_ACCESS_KEY_ID: s3Keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey,
  });
  await secret('harbour', { password: 'open' });
  await core.createNamespacedConfigMap({
    namespace: bucket,
    body: { metadata: { name: 'harbour' }, data: { colour: 'blue' } },
  });
}

/** Volumes for what tasks share, since nothing in the cluster of the tests makes any: one for each run that may want one. */
export async function makeVolumes(
  { core }: ClusterApis,
  prefix: string,
  count: number,
): Promise<{ remove(): Promise<void> }> {
  const made = await mkdtemp(join(tmpdir(), 'ferrule-volumes-'));
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    const path = join(made, name);
    await mkdir(path);
    await chmod(path, 0o777);
    await core.createPersistentVolume({
      body: {
        metadata: { name },
        spec: {
          storageClassName: 'ferrule-matrix',
          capacity: { storage: '8Mi' },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Retain',
          hostPath: { path, type: 'Directory' },
        },
      },
    });
  }
  return {
    async remove() {
      for (const name of names) await core.deletePersistentVolume({ name });
      await rm(made, { recursive: true, force: true });
    },
  };
}
