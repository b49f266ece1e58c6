import type { Random } from './random.ts';

/** Smooth noise over the plane: from 0 to 1, with bumps one unit apart. */
export type Noise = (x: number, y: number) => number;

/** Makes value noise: random heights on a lattice, joined smoothly. */
export function noiseOf(random: Random): Noise {
  const table = Float32Array.from({ length: 256 }, () => random.next());
  const order = Uint8Array.from({ length: 256 }, () => random.whole(0, 255));
  const hashed = (lattice: number): number => order[lattice & 255] ?? 0;
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = eased(x - left);
    const v = eased(y - top);
    const [a, b] = [hashed(left), hashed(left + 1)];
    const [c, d] = [hashed(top + 57) * 7, hashed(top + 58) * 7];
    const upper = (table[(a + c) & 255] ?? 0) * (1 - u) + (table[(b + c) & 255] ?? 0) * u;
    const lower = (table[(a + d) & 255] ?? 0) * (1 - u) + (table[(b + d) & 255] ?? 0) * u;
    return upper * (1 - v) + lower * v;
  };
}

/** Adds noise to itself at half the size and half the height, `octaves` times: clouds, hills, soil. */
export function fractal(noise: Noise, octaves: number): Noise {
  const whole = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    let scale = 1;
    for (let octave = 0; octave < octaves; octave++) {
      sum += noise(x * scale + octave * 17.3, y * scale + octave * 9.1) / scale;
      scale *= 2;
    }
    return sum / whole;
  };
}

function eased(t: number): number {
  return t * t * (3 - 2 * t);
}
