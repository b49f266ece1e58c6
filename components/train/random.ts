/** Numbers that look random and are the same for the same seed words. */
export interface Random {
  /** Gives a number of [0, 1). */
  next(): number;
  /** Gives a whole number of [0, below). */
  below(limit: number): number;
}

/** Starts a generator (Doty-Humphrey's sfc32) from words: each purpose and each epoch names its own, so that none disturbs another. */
export function randomOf(...words: readonly (string | number)[]): Random {
  let [a, b, c] = hash(words.join('\n'));
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  return { next, below: (limit) => Math.floor(next() * limit) };
}

/** Spreads a text over three 32-bit numbers. */
function hash(text: string): [number, number, number] {
  const parts: [number, number, number] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    parts[0] = Math.imul(parts[0] ^ code, 0x01000193);
    parts[1] = Math.imul(parts[1] ^ (code + parts[0]), 0x5bd1e995);
    parts[2] = Math.imul(parts[2] ^ (code + parts[1]), 0x27d4eb2f);
  }
  return parts;
}

/** Gives the numbers 0 to length - 1 in a random order. */
export function shuffled(length: number, random: Random): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
