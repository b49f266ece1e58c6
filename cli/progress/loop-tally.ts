/** Follows loops event by event, for progress as plain lines. */
import type { RunEvent } from '../../engine/events.ts';
import { loopWords, mostIterationsShown } from './loops.ts';

export interface LoopTally {
  /** Takes an event; gives what there is to say of a loop now. */
  note(event: RunEvent): { readonly loop: string; readonly words: string } | undefined;
  /** Whether an event is about the inside of a large loop, and no trouble. */
  hides(event: RunEvent): boolean;
}

interface Followed {
  readonly total: number;
  opened: number;
  done: number;
  failed: number;
}

/** How many times a loop says how far it is. */
const times = 10;

export function loopTally(): LoopTally {
  const loops = new Map<string, Followed>();
  const large = new Set<string>();
  const isInside = (path: string): boolean => {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (large.has(path.slice(0, at))) return true;
    return false;
  };
  return {
    note(event) {
      if (event.kind === 'loop-opened') {
        loops.set(event.task, { total: event.count, opened: 0, done: 0, failed: 0 });
        if (event.count > mostIterationsShown) large.add(event.task);
        return undefined;
      }
      if (event.kind === 'iterations-opened') {
        const loop = loops.get(event.task);
        if (loop !== undefined) loop.opened += event.count;
        return undefined;
      }
      if (event.kind !== 'task-succeeded' && event.kind !== 'task-cached' && event.kind !== 'task-failed')
        return undefined;
      const path = event.task.slice(0, Math.max(0, event.task.lastIndexOf('/')));
      const loop = loops.get(path);
      if (loop === undefined || isInside(path)) return undefined;
      if (event.kind === 'task-failed') loop.failed += 1;
      else loop.done += 1;
      const ended = loop.done + loop.failed;
      if (!large.has(path) || ended % Math.ceil(loop.total / times) !== 0) return undefined;
      return { loop: path, words: loopWords({ ...loop, running: loop.opened - ended, skipped: 0 }) };
    },
    hides(event) {
      if (large.size === 0 || !('task' in event) || event.task === undefined) return false;
      if (event.kind === 'warning') return false;
      // What failed in an iteration is told; that the iteration did follows from it.
      if (event.kind === 'task-failed') return large.has(event.task.slice(0, event.task.lastIndexOf('/')));
      if (event.kind === 'attempt-ended' && event.retryIn !== undefined) return false;
      return isInside(event.task);
    },
  };
}
