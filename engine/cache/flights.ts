/**
 * Has one task at a time make what several need: tasks with the same fingerprint, in all the runs that this process
 * drives over one cache. Whoever comes second waits for the first, and takes what that put into the cache.
 */
import type { CacheIndex } from '../store-ports.ts';

/** A task that makes something. */
export interface Maker {
  readonly runId: string;
  readonly task: string;
}

/** What became of a computation: its result is in the cache, or was kept out of it, or there is none. */
export type Landing = 'kept' | 'not-kept' | 'failed';

type Turn =
  /** It is to be made here, until `leave`. */
  | { readonly kind: 'ours' }
  /** Another task is at it. */
  | { readonly kind: 'theirs'; readonly maker: Maker }
  /** Another task has put it into the cache since this one joined. */
  | { readonly kind: 'made' };

/** One task's part in a computation, from before it asks the cache until it has ended. */
export interface Flight {
  /** Begins to make it, unless another task is at it or has made it meanwhile. Once it is ours it stays so. */
  begin(): Turn;
  /** Waits until whoever is at it has ended, or the signal is aborted; tells what became of it, where it has ended. */
  landed(signal: AbortSignal): Promise<Landing | undefined>;
  /** Ends this task's part; where it was at it, those who wait go on. */
  leave(landing: Landing): void;
}

/** The flight of a task that shares nothing. */
export const alone: Flight = {
  begin: () => ({ kind: 'ours' }),
  landed: async () => undefined,
  leave: () => undefined,
};

interface Member {
  /** What the last one gave that was at it since this one joined. */
  news: Landing | undefined;
  wake: () => void;
}

/** Those who need one computation. */
interface Group {
  readonly members: Set<Member>;
  atWork: { readonly member: Member; readonly maker: Maker } | undefined;
}

/** By cache, then by fingerprint: there is a group as long as it has members. */
const groupsOf = new WeakMap<CacheIndex, Map<string, Group>>();

/** Joins those who need a computation: to be called before the cache is asked, so that what lands after that is noticed. */
export function joinFlight(cache: CacheIndex, fingerprint: string, maker: Maker): Flight {
  const groups = groupsOf.get(cache) ?? new Map<string, Group>();
  groupsOf.set(cache, groups);
  const group: Group = groups.get(fingerprint) ?? { members: new Set(), atWork: undefined };
  groups.set(fingerprint, group);
  const member: Member = { news: undefined, wake: () => undefined };
  group.members.add(member);
  const turn = (): Turn => {
    const { atWork } = group;
    if (atWork?.member === member) return { kind: 'ours' };
    if (member.news === 'kept') return { kind: 'made' };
    // What is never kept would be made one after the other for nothing.
    if (member.news === 'not-kept' || atWork === undefined) return { kind: 'ours' };
    // A driver that took its run over from one that does not know it yet.
    if (atWork.maker.runId === maker.runId && atWork.maker.task === maker.task) return { kind: 'ours' };
    return { kind: 'theirs', maker: atWork.maker };
  };
  return {
    begin() {
      const now = turn();
      if (now.kind === 'ours') group.atWork ??= { member, maker };
      return now;
    },
    async landed(signal) {
      if (turn().kind === 'theirs') await woken(member, signal);
      return member.news;
    },
    leave(landing) {
      group.members.delete(member);
      if (group.members.size === 0 && groups.get(fingerprint) === group) groups.delete(fingerprint);
      if (group.atWork?.member !== member) return;
      group.atWork = undefined;
      for (const other of group.members) {
        if (other.news !== 'kept') other.news = landing;
        other.wake();
      }
    },
  };
}

/** Waits until a member is woken, or the signal is aborted. */
async function woken(member: Member, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    member.wake = () => {
      signal.removeEventListener('abort', member.wake);
      resolve();
    };
    signal.addEventListener('abort', member.wake);
  });
}
