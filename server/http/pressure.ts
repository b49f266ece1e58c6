/** How many requests are being answered: what can wait lets them go first. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { createSlots } from '../../engine/index.ts';

export interface Pressure {
  /** Counts a request until it is answered. */
  during<T>(answering: Promise<T>): Promise<T>;
  /** Resolves in a turn of the event loop that nobody else was given. */
  turn(): Promise<void>;
  /** Resolves once few requests are being answered, and after a while in any case. */
  quiet(): Promise<void>;
}

/** So many at a time leave the processor enough room. */
const few = 8;
/** Milliseconds that work is put off at the most, and between two looks. */
const longest = 250;
const lookEvery = 10;

export function openPressure(): Pressure {
  let answering = 0;
  const turns = createSlots(1);
  return {
    async during(answered) {
      answering += 1;
      try {
        return await answered;
      } finally {
        answering -= 1;
      }
    },
    turn: () => turns.use(() => turn()),
    async quiet() {
      const until = Date.now() + longest;
      const isBusy = (): boolean => answering > few && Date.now() < until;
      while (isBusy()) await wait(lookEvery);
    },
  };
}
