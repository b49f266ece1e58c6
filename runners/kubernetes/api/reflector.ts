/** Keeps a picture of one kind of object: a list, then every change, through whatever happens to the connection. */
import * as z from 'zod';
import { ApiError } from './api-error.ts';
import { backoff, pause } from './backoff.ts';
import type { Connection } from './connection.ts';

export interface Reflection<T> {
  /** For messages, such as `pods`. */
  readonly resource: string;
  /** Such as `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<T>;
  /** Takes all that there is, in place of what was known. */
  readonly replace: (objects: readonly T[]) => void;
  readonly change: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  /** Told when the server cannot be reached or refuses, and with undefined when all is well again. */
  readonly trouble: (error: unknown) => void;
}

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().exactOptional() }),
  items: z.array(z.unknown()),
});
const eventSchema = z.object({ type: z.string(), object: z.unknown() });
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const statusSchema = z.object({ code: z.number().default(0), message: z.string().default('') });

/** Seconds after which the server ends a watch by itself. */
const watchSeconds = 240;
/** Milliseconds without a word after which a connection counts as dead: bookmarks come every minute. */
const silence = 100_000;
/** A watch that ended sooner was cut off: it must not be begun anew without a pause. */
const shortest = 1000;

/** Milliseconds between tries of what is not allowed: somebody may yet allow it. */
const forbiddenPause = 30_000;

/** Where the picture was last complete; undefined where it must be listed. */
type Version = string | undefined;

/** Reflects until the signal is aborted. Never rejects. */
export async function reflect<T>(
  connection: Connection,
  reflection: Reflection<T>,
  signal: AbortSignal,
): Promise<void> {
  const wait = backoff();
  let version: Version;
  while (!signal.aborted) {
    const began = performance.now();
    try {
      if (version === undefined) version = await list(connection, reflection, signal);
      version = await watch(connection, reflection, version, signal);
      if (performance.now() - began >= shortest) wait.reset();
      else await pause(wait.next(), signal);
    } catch (thrown) {
      if (signal.aborted) return;
      if (thrown instanceof Expired) version = undefined;
      else if (thrown instanceof Cut) version = thrown.version;
      reflection.trouble(thrown instanceof Cut ? thrown.cause : thrown);
      if (performance.now() - began >= shortest * 10) wait.reset();
      await pause(isForbidden(thrown) ? forbiddenPause : wait.next(), signal);
    }
  }
}

function isForbidden(thrown: unknown): boolean {
  const error = thrown instanceof Cut ? thrown.cause : thrown;
  return error instanceof ApiError && error.status === 403;
}

/** What was seen is too old to go on from. */
class Expired extends Error {}

/** The watch broke off; what was seen until then holds. */
class Cut extends Error {
  readonly version: string;

  constructor(version: string, cause: unknown) {
    super('the watch broke off', { cause });
    this.version = version;
  }
}

async function list<T>(
  connection: Connection,
  { resource, path, query, schema, replace }: Reflection<T>,
  signal: AbortSignal,
): Promise<string> {
  const objects: T[] = [];
  for (let next: string | undefined; ;) {
    const answer = await connection.call(
      {
        what: `list ${resource}`,
        path,
        query: { ...query, limit: '500', ...(next !== undefined && { continue: next }) },
      },
      signal,
    );
    const { metadata, items } = listSchema.parse(answer);
    // What does not read is none of ours: it must not keep the rest from being seen.
    objects.push(...items.flatMap((item) => schema.safeParse(item).data ?? []));
    next = metadata.continue === '' ? undefined : metadata.continue;
    if (next !== undefined) continue;
    replace(objects);
    return metadata.resourceVersion;
  }
}

/** @returns the version to go on from, when the server ended the watch in good order */
async function watch<T>(
  connection: Connection,
  { resource, path, query, schema, change, trouble }: Reflection<T>,
  from: string,
  signal: AbortSignal,
): Promise<string> {
  let version = from;
  let expired = false;
  let failure: ApiError | undefined;
  const dead = new AbortController();
  const timer = setTimeout(() => dead.abort(), silence);
  const onLine = (line: string): void => {
    timer.refresh();
    const { type, object } = eventSchema.parse(JSON.parse(line));
    if (type === 'ERROR') {
      const status = statusSchema.parse(object);
      // Both ways to say that the past is forgotten.
      if (status.code === 410 || status.code === 504) expired = true;
      else failure = new ApiError(`watch ${resource}`, status.message, { status: status.code });
      return;
    }
    version = versionSchema.parse(object).metadata.resourceVersion;
    const read = schema.safeParse(object);
    if (read.success && (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED'))
      change(type, read.data);
  };
  try {
    await connection.lines(
      {
        what: `watch ${resource}`,
        path,
        query: {
          ...query,
          watch: 'true',
          resourceVersion: from,
          allowWatchBookmarks: 'true',
          timeoutSeconds: `${watchSeconds}`,
        },
      },
      onLine,
      AbortSignal.any([signal, dead.signal]),
      () => trouble(undefined),
    );
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 410) throw new Expired('the watch is too old');
    throw new Cut(version, thrown);
  } finally {
    clearTimeout(timer);
  }
  if (expired) throw new Expired('the watch is too old');
  if (failure !== undefined) throw new Cut(version, failure);
  return version;
}
