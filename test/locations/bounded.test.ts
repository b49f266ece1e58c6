import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../stores/locations/index.ts';

describe('a bounded map', () => {
  it('gives results in the order of the items, with no more under way than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3, 0], 3, async (item) => {
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      underWay--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(3);
  });

  it('starts nothing after a failure, and waits for what runs before it fails', async () => {
    const started: number[] = [];
    let ended = 0;
    const work = async (item: number): Promise<void> => {
      started.push(item);
      await Promise.resolve();
      if (item === 1) throw new Error('item 1');
      await Promise.resolve();
      ended++;
    };
    await expect(mapBounded([0, 1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow('item 1');
    expect(started.length).toBeLessThan(8);
    expect(ended).toBe(started.length - 1);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const mapped = mapBounded(
      [1, 2, 3],
      1,
      async (item) => {
        seen.push(item);
        if (item === 2) stop.abort(new Error('enough'));
      },
      stop.signal,
    );
    await expect(mapped).rejects.toThrow('enough');
    expect(seen).toEqual([1, 2]);
  });
});
