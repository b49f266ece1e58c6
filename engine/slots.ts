/** Lets so many go at a time, in the order they came. */
export interface Slots {
  /** Waits for a slot, does the work, and gives the slot back. */
  use<T>(work: () => Promise<T>): Promise<T>;
}

/** Makes `count` slots, at least one. */
export function createSlots(count: number): Slots {
  let free = Math.max(1, Math.floor(count));
  const waiting: (() => void)[] = [];
  let head = 0;
  const take = async (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const give = (): void => {
    const next = waiting[head];
    if (next === undefined) {
      free += 1;
      return;
    }
    head += 1;
    if (head > 1024) head -= waiting.splice(0, head).length;
    next();
  };
  return {
    async use(work) {
      await take();
      try {
        return await work();
      } finally {
        give();
      }
    },
  };
}
