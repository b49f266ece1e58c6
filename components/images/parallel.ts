import { availableParallelism } from 'node:os';

/** How many pictures are decoded at once unless said otherwise: one more than there are cores, so that none waits for a disk. */
export function decodersAtOnce(): number {
  return availableParallelism() + 1;
}

/**
 * Maps items to results, at most `limit` under way at once, and yields the results in the order of the items while
 * later ones are already being worked on: decoding overlaps with whatever the consumer does. At most `limit` results
 * wait to be taken, so memory stays bounded.
 * @throws whatever `work` throws for the first item that fails, once those before it were taken
 */
export async function* mapInOrder<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  limit: number = decodersAtOnce(),
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  let next = 0;
  const start = (): void => {
    const item = items[next];
    if (item === undefined) return;
    const result = work(item, next++);
    // Its failure is reported when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
  };
  while (next < Math.min(items.length, limit)) start();
  for (let head = underWay.shift(); head !== undefined; head = underWay.shift()) {
    const result = await head;
    if (next < items.length) start();
    yield result;
  }
}
