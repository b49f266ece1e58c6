import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { digestOf } from '../../spec/digest.ts';
import type { Bucket, ObjectFacts, OpenObject, UploadedFile, WriteCondition } from './bucket.ts';
import { readDigested } from './digesting.ts';
import type { StoreEnv } from './gcs-client.ts';
import { askingBy, impatient } from './retrying.ts';
import { s3Client } from './s3-client.ts';
import { isTransient, nameOf, s3Error, statusOf, triesOf } from './s3-error.ts';

/** Files from this size on are sent in parts, each tried again by itself. */
const multipartFrom = 8 * 1024 * 1024;
/** An upload may have 10 000 parts. */
const mostParts = 9000;
/** As many keys as one request may remove. */
const removedAtOnce = 1000;

/** Opens a bucket of S3, or of a server that speaks as S3 does. Asks nothing yet. */
export async function s3Bucket(name: string, env: StoreEnv): Promise<Bucket> {
  const { client, sdk, endpoint } = await s3Client(env);
  const uri = `s3://${name}`;
  // Where an object may be absent, that was no error.
  const asking = askingBy(isTransient, (thrown, doing) => s3Error(uri, endpoint, thrown, doing, true));
  const pages = async function* (
    input: Omit<ListObjectsV2CommandInput, 'Bucket'>,
  ): AsyncIterable<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const more = token === undefined ? {} : { ContinuationToken: token };
      const answer = await asking(`listing ${input.Prefix ?? ''}`, () =>
        client.send(new sdk.ListObjectsV2Command({ Bucket: name, ...input, ...more })),
      );
      yield answer;
      token = answer.NextContinuationToken;
    } while (token !== undefined);
  };

  const read: Bucket['read'] = (key) =>
    asking(`reading ${key}`, async () => {
      try {
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket: name, Key: key }));
        return { content: (await answer.Body?.transformToString('utf-8')) ?? '', version: answer.ETag ?? '' };
      } catch (thrown) {
        if (isAbsence(thrown)) return undefined;
        throw thrown;
      }
    });

  return {
    uri,
    error: (thrown, doing) => s3Error(uri, endpoint, thrown, doing),
    probe: (prefix, doing) =>
      asking(
        doing,
        async () =>
          void (await client.send(
            new sdk.ListObjectsV2Command({ Bucket: name, Prefix: prefix, MaxKeys: 1 }),
          )),
        impatient,
      ),
    read,
    // Two conditional writes at the same moment may both be told to come again.
    write: (key, content, condition) =>
      asking(`writing ${key}`, async (attempt) => {
        try {
          await client.send(
            new sdk.PutObjectCommand({
              Bucket: name,
              Key: key,
              // An empty text would be taken for a stream.
              Body: Buffer.from(content),
              ContentType: key.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8',
              ...matchOf(condition),
            }),
          );
          return 'written';
        } catch (thrown) {
          const gone = condition.kind === 'version' && isAbsence(thrown);
          if (statusOf(thrown) !== 412 && !gone) throw thrown;
          // A try whose answer got lost may have written it: then what lies there is ours.
          const again = attempt > 0 || triesOf(thrown) > 1;
          return again && (await read(key))?.content === content ? 'written' : 'refused';
        }
      }),
    facts: (key) =>
      asking(`looking at ${key}`, async () => {
        try {
          const answer = await client.send(new sdk.HeadObjectCommand({ Bucket: name, Key: key }));
          return factsOf(key, answer.ContentLength, answer.LastModified, answer.ETag);
        } catch (thrown) {
          if (isAbsence(thrown)) return undefined;
          throw thrown;
        }
      }),
    async *list(prefix) {
      for await (const { Contents } of pages({ Prefix: prefix }))
        yield (Contents ?? []).map((one) => factsOf(one.Key ?? '', one.Size, one.LastModified, one.ETag));
    },
    async names(prefix, from) {
      const names = new Set<string>();
      // S3 begins after a name, and would leave out `from` itself: one before it is close enough.
      const start = from === undefined ? {} : { StartAfter: `${prefix}${from.slice(0, -1)}` };
      for await (const { Contents, CommonPrefixes } of pages({ Prefix: prefix, Delimiter: '/', ...start }))
        for (const key of [
          ...(Contents ?? []).map((one) => one.Key),
          ...(CommonPrefixes ?? []).map((one) => one.Prefix),
        ])
          if (key !== undefined) names.add(key.slice(prefix.length).replace(/\/$/, ''));
      return [...names];
    },
    async upload(path, key, size): Promise<UploadedFile> {
      if (size < multipartFrom) {
        const Body = await readFile(path);
        const answer = await client.send(new sdk.PutObjectCommand({ Bucket: name, Key: key, Body }));
        return { size: Body.length, digest: digestOf(Body), checksum: checksumOf(answer.ETag) };
      }
      const { Upload } = await import('@aws-sdk/lib-storage');
      const source = readDigested(path);
      const sending = new Upload({
        client,
        params: { Bucket: name, Key: key, Body: Readable.from(source.chunks, { objectMode: false }) },
        partSize: Math.max(multipartFrom, Math.ceil(size / mostParts)),
        queueSize: 4,
      });
      const answer = await sending.done();
      return { size: source.size(), digest: source.digest(), checksum: checksumOf(answer.ETag) };
    },
    async open(key, from, version): Promise<OpenObject> {
      const answer = await client.send(
        new sdk.GetObjectCommand({
          Bucket: name,
          Key: key,
          ...(from > 0 && { Range: `bytes=${from}-` }),
          ...(version !== undefined && { IfMatch: version }),
        }),
      );
      const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
      return {
        // In Node.js the SDK's bodies are streams of Node.js.
        stream: answer.Body instanceof Readable ? answer.Body : Readable.from([]),
        size: Number(whole ?? answer.ContentLength ?? 0),
        version: answer.ETag ?? '',
      };
    },
    async remove(keys) {
      for (let at = 0; at < keys.length; at += removedAtOnce) {
        const some = keys.slice(at, at + removedAtOnce);
        await asking(`removing ${some[0] ?? ''}`, () => removeSome(some));
      }
    },
  };

  async function removeSome(keys: readonly string[]): Promise<void> {
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) {
      await client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key: only }));
      return;
    }
    const Objects = keys.map((Key) => ({ Key }));
    const answer = await client.send(
      new sdk.DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }),
    );
    const [failed] = (answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey');
    if (failed !== undefined)
      throw Object.assign(new Error(`${failed.Key}: ${failed.Message}`), { name: failed.Code ?? 'Error' });
  }
}

function matchOf(condition: WriteCondition): { IfNoneMatch?: string; IfMatch?: string } {
  switch (condition.kind) {
    case 'absent':
      return { IfNoneMatch: '*' };
    case 'version':
      return { IfMatch: condition.version };
    case 'always':
      return {};
  }
}

function factsOf(
  key: string,
  size: number | undefined,
  modified: Date | undefined,
  tag: string | undefined,
): ObjectFacts {
  return { key, size: size ?? 0, modified: modified?.getTime() ?? 0, checksum: checksumOf(tag) };
}

function checksumOf(tag: string | undefined): string {
  return `etag:${(tag ?? '').replaceAll('"', '')}`;
}

/** An object's absence; a bucket's is an error. */
function isAbsence(thrown: unknown): boolean {
  return ['NoSuchKey', 'NotFound', 'ObjectParentIsFile'].includes(nameOf(thrown));
}
