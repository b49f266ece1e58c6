import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileMetadata } from '@google-cloud/storage';
import { messageOf } from '../../errors/index.ts';
import { mapBounded } from '../locations/bounded.ts';
import type { Bucket, ObjectFacts, OpenObject, UploadedFile, WriteCondition } from './bucket.ts';
import { readDigested } from './digesting.ts';
import { gcsClient, type StoreEnv } from './gcs-client.ts';
import { gcsError, isTransient, statusOf } from './gcs-error.ts';
import { getMedia } from './gcs-media.ts';
import { askingBy, impatient } from './retrying.ts';

/** Files from this size on are sent in pieces, so that a broken connection costs one piece. */
const resumableFrom = 8 * 1024 * 1024;
/** Bytes a piece; held in memory while it is sent. */
const pieceSize = 8 * 1024 * 1024;

/** What a listing has to tell, so that it tells no more. */
const fields = 'items(name,size,md5Hash,crc32c,generation,updated),prefixes,nextPageToken';

/** Opens a bucket of Google Cloud Storage. Asks nothing yet. */
export async function gcsBucket(name: string, env: StoreEnv): Promise<Bucket> {
  const client = await gcsClient(env);
  const bucket = client.storage.bucket(name);
  const uri = `gs://${name}`;
  // Where an object may be absent, that was no error.
  const asking = askingBy(isTransient, (thrown, doing) =>
    gcsError(uri, client.endpoint, thrown, doing, true),
  );

  const page = async (query: {
    readonly prefix: string;
    readonly delimiter?: string;
    readonly pageToken?: string;
    readonly startOffset?: string;
  }): Promise<Page> => {
    const all = { ...query, autoPaginate: false, maxResults: 1000, fields };
    const [, , response] = await bucket.getFiles(all);
    return pageOf(response);
  };

  const readOne = (key: string): Promise<{ content: string; version: string } | undefined> =>
    asking(`reading ${key}`, async () => {
      try {
        const answer = await getMedia(client, { bucket: name, key });
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        return { content: Buffer.concat(chunks).toString('utf8'), version: generationIn(answer) };
      } catch (thrown) {
        if (isAbsentObject(thrown)) return undefined;
        throw thrown;
      }
    });

  return {
    uri,
    error: (thrown, doing) => gcsError(uri, client.endpoint, thrown, doing),
    probe: (prefix, doing) =>
      asking(
        doing,
        async () => void (await bucket.getFiles({ prefix, maxResults: 1, fields, autoPaginate: false })),
        impatient,
      ),
    read: readOne,
    write: (key, content, condition) =>
      asking(`writing ${key}`, async (attempt) => {
        try {
          await bucket.file(key).save(content, {
            resumable: false,
            validation: false,
            contentType: key.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8',
            ...generationOf(condition),
          });
          return 'written';
        } catch (thrown) {
          if (statusOf(thrown) !== 412) throw thrown;
          // A try whose answer got lost may have written it: then what lies there is ours.
          return attempt > 0 && (await readOne(key))?.content === content ? 'written' : 'refused';
        }
      }),
    facts: (key) =>
      asking(`looking at ${key}`, async () => {
        try {
          const [metadata] = await bucket.file(key).getMetadata();
          return factsOf(key, metadata);
        } catch (thrown) {
          if (isAbsentObject(thrown)) return undefined;
          throw thrown;
        }
      }),
    async *list(prefix) {
      let pageToken: string | undefined;
      do {
        const query = { prefix, ...(pageToken !== undefined && { pageToken }) };
        const { items, nextPageToken } = await asking(`listing ${prefix}`, () => page(query));
        yield (items ?? []).map((item) => factsOf(item.name ?? '', item));
        pageToken = nextPageToken;
      } while (pageToken !== undefined);
    },
    async names(prefix, from) {
      const names = new Set<string>();
      let pageToken: string | undefined;
      do {
        const query = {
          prefix,
          delimiter: '/',
          ...(from !== undefined && { startOffset: `${prefix}${from}` }),
          ...(pageToken !== undefined && { pageToken }),
        };
        const { items, prefixes, nextPageToken } = await asking(`listing ${prefix}`, () => page(query));
        for (const key of [...(items ?? []).map((item) => item.name ?? ''), ...(prefixes ?? [])])
          names.add(key.slice(prefix.length).replace(/\/$/, ''));
        pageToken = nextPageToken;
      } while (pageToken !== undefined);
      return [...names];
    },
    async upload(path, key, size): Promise<UploadedFile> {
      const source = readDigested(path);
      const resumable = size >= resumableFrom;
      const file = (resumable ? client.uploads : client.storage).bucket(name).file(key);
      const target = file.createWriteStream({
        resumable,
        ...(resumable && { chunkSize: pieceSize }),
        validation: 'crc32c',
      });
      try {
        await pipeline(source.chunks, target);
      } catch (thrown) {
        throw sessionIsGone(thrown) ? uploadAnew(thrown) : thrown;
      }
      return { size: source.size(), digest: source.digest(), checksum: checksumOf(file.metadata) };
    },
    async open(key, from, version): Promise<OpenObject> {
      const answer = await getMedia(client, { bucket: name, key, from, version });
      const whole = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
      return {
        stream: answer,
        size: Number(whole ?? answer.headers['content-length'] ?? 0),
        version: generationIn(answer),
      };
    },
    async remove(keys) {
      await mapBounded(keys, 16, (key) =>
        asking(`removing ${key}`, () => bucket.file(key).delete({ ignoreNotFound: true })),
      );
    },
  };
}

function generationIn({ headers }: IncomingMessage): string {
  return String(headers['x-goog-generation'] ?? '');
}

function generationOf(condition: WriteCondition): {
  preconditionOpts?: { ifGenerationMatch: string | number };
} {
  switch (condition.kind) {
    case 'absent':
      return { preconditionOpts: { ifGenerationMatch: 0 } };
    case 'version':
      return { preconditionOpts: { ifGenerationMatch: condition.version } };
    case 'always':
      return {};
  }
}

function factsOf(key: string, metadata: FileMetadata): ObjectFacts {
  return {
    key,
    size: Number(metadata.size ?? 0),
    modified: Date.parse(metadata.updated ?? ''),
    checksum: checksumOf(metadata),
  };
}

/** A checksum of the content; objects composed of parts have no MD5. */
function checksumOf({ md5Hash, crc32c, generation }: FileMetadata): string {
  return md5Hash === undefined ? `crc32c:${crc32c ?? ''}@${generation ?? ''}` : `md5:${md5Hash}`;
}

/** An upload in pieces whose session the service has forgotten, or finished without an answer, begins again. */
function sessionIsGone(thrown: unknown): boolean {
  return [404, 410, 412].includes(statusOf(thrown) ?? 0) && !isAbsentBucket(thrown);
}

function uploadAnew(cause: unknown): Error {
  return Object.assign(new Error(`the upload broke off: ${messageOf(cause)}`, { cause }), {
    code: 'ECONNRESET',
  });
}

/** An object's absence; a bucket's is an error. */
function isAbsentObject(thrown: unknown): boolean {
  return statusOf(thrown) === 404 && !isAbsentBucket(thrown);
}

function isAbsentBucket(thrown: unknown): boolean {
  return thrown instanceof Error && /such bucket|bucket does not exist/i.test(thrown.message);
}

/** A page of a listing, as the service answers it. */
interface Page {
  readonly items?: readonly FileMetadata[];
  readonly prefixes?: readonly string[];
  readonly nextPageToken?: string;
}

/** The library types the service's own answer as unknown. */
function pageOf(response: unknown): Page {
  return typeof response === 'object' && response !== null ? response : {};
}
