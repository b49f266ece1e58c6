/** What an attempt's component prints, brought here line by line. */
import { ApiError } from '../api/api-error.ts';
import { backoff, pause } from '../api/backoff.ts';
import type { Connection } from '../api/connection.ts';

export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** Whether the container is known to have ended. */
  readonly hasEnded: () => boolean;
  /** Settled when that becomes known. */
  readonly ended: Promise<void>;
  /** Lines from the log's start to leave out. */
  readonly kept: number;
}

/** Milliseconds within which the end of a stream and that of its container belong together. */
const together = 1500;
/** Milliseconds after the container's end in which its log must be read. */
const patience = 60_000;

/**
 * Reads the log of a container from its start to its end: complete lines, in order, each once, however often the
 * connection breaks.
 * @returns `all`; or `cut` where its rest could not be read, such as that of a pod that is gone
 */
export async function followLog(
  connection: Connection,
  source: LogSource,
  onLine: (text: string) => void,
  signal: AbortSignal,
): Promise<'all' | 'cut'> {
  const { pod, container, hasEnded } = source;
  const place = bookmark(source.kept);
  const wait = backoff(100, 5000);
  let endedAt: number | undefined;
  while (!signal.aborted) {
    if (hasEnded()) endedAt ??= performance.now();
    if (endedAt !== undefined && performance.now() - endedAt > patience) return 'cut';
    const wasOver = hasEnded();
    const since = place.resume();
    const stream = quietEnd(source.ended, signal);
    try {
      await connection.lines(
        {
          what: 'get pods/log',
          path: `/api/v1/namespaces/${connection.namespace}/pods/${pod}/log`,
          query: {
            container,
            follow: 'true',
            timestamps: 'true',
            ...(since !== undefined && { sinceTime: since }),
          },
        },
        (line) => {
          stream.alive();
          const text = place.take(line);
          if (text !== undefined) onLine(text);
        },
        stream.signal,
      );
      if (stream.wasQuiet()) continue;
      if (signal.aborted || wasOver) break;
      // A server that is shut down ends streams in good order: only the container's own end is an end.
      await Promise.race([source.ended, pause(together, signal)]);
      if (hasEnded()) break;
      await pause(wait.next(), signal);
    } catch (thrown) {
      if (signal.aborted) break;
      if (thrown instanceof ApiError && hasNone(thrown.status, endedAt !== undefined)) return 'cut';
      await pause(wait.next(), signal);
    } finally {
      stream.close();
    }
  }
  return signal.aborted ? 'cut' : 'all';
}

/** Milliseconds without a line after which the log of an ended container counts as cut off. */
const quiet = 5000;

/** Ends a stream that stays open and silent though its container has ended: the connection is dead. */
function quietEnd(
  ended: Promise<void>,
  signal: AbortSignal,
): { readonly signal: AbortSignal; alive(): void; wasQuiet(): boolean; close(): void } {
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const begin = (): void => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(() => end.abort(), quiet);
  };
  void ended.then(begin);
  return {
    signal: AbortSignal.any([signal, end.signal]),
    alive() {
      if (timer !== undefined) begin();
    },
    wasQuiet: () => end.signal.aborted,
    close() {
      over = true;
      clearTimeout(timer);
    },
  };
}

/** Tells whether there is no log, and will be none: before a container runs, a server says so with status 400 too. */
function hasNone(status: number | undefined, ended: boolean): boolean {
  return status === 404 || (status === 400 && ended);
}

interface Bookmark {
  /** Gives the time to read on from; undefined at first. */
  resume(): string | undefined;
  /** Gives the text of a line that was not seen before. */
  take(line: string): string | undefined;
}

/**
 * Counts the lines of the last second. The server gives a log from a second on: as many lines as were counted for it
 * have been seen. Time stamps alone would not do: two lines may share one, and two streams may swap them.
 */
function bookmark(kept: number): Bookmark {
  let toKeep = kept;
  let seenAgain = 0;
  let second: string | undefined;
  let counted = 0;
  return {
    resume() {
      seenAgain = counted;
      return second === undefined ? undefined : `${second}Z`;
    },
    take(line) {
      const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+(?:Z|[+-]00:00) ?/.exec(line);
      // Words of the kubelet's own, such as that the log is gone.
      if (match === null) return undefined;
      if (seenAgain > 0) {
        seenAgain -= 1;
        return undefined;
      }
      const [stamp, of = ''] = match;
      if (second === undefined || of > second) {
        second = of;
        counted = 0;
      }
      if (of === second) counted += 1;
      if (toKeep > 0) {
        toKeep -= 1;
        return undefined;
      }
      return line.slice(stamp.length).replace(/\r$/, '');
    },
  };
}
