/** Lets so many pieces of work go on at a time; the others wait for their turn, in order. */
export function turns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let going = 0;
  return async (work) => {
    if (going >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
    try {
      return await work();
    } finally {
      // Who waits takes over the place.
      const next = waiting.shift();
      if (next === undefined) going -= 1;
      else next();
    }
  };
}
