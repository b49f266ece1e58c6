/** Lights in the sky: lightning and rainbows. */
import { clamp, cover, glow, mix, reach, step, type Canvas, type Color, type Point } from './canvas.ts';
import { lights, paintLandscape } from './landscape.ts';
import { fractal, noiseOf } from './noise.ts';
import type { Random } from './random.ts';
import { curve, stroke } from './strokes.ts';

/** Strikes one to three bolts into a dark landscape, with branches and a glow in the clouds. */
export function paintLightning(canvas: Canvas, random: Random): void {
  const light = random.pick([lights.night, lights.night, lights.storm, lights.evening]);
  const dark = { ...light, ground: light.ground * 0.5 };
  const { horizon } = paintLandscape(canvas, random, { light: dark });
  const color: Color = random.pick([
    [0.82, 0.85, 1],
    [0.93, 0.83, 1],
    [1, 0.95, 0.86],
  ]);
  const strikes = random.chance(0.7) ? 1 : random.whole(2, 3);
  const strength = random.between(0.2, 1);
  for (let index = 0; index < strikes; index++) {
    const from = { x: random.between(0.1, 0.9), y: random.between(-0.05, 0.2) };
    const to = { x: clamp(from.x + random.between(-0.3, 0.3)), y: horizon + random.between(-0.05, 0.04) };
    const path = jagged(random, from, to, 0.13);
    for (const point of [path[0], path[Math.floor(path.length / 2)]])
      if (point !== undefined) glow(canvas, point, random.between(0.1, 0.28), color, 0.45 * strength);
    curve(canvas, path, [0.05, 0.03], color, 0.1 * strength);
    curve(canvas, path, [0.02, 0.012], color, 0.25 * strength);
    curve(canvas, path, [0.0085, 0.005], mix(color, [1, 1, 1], 0.6), 0.5 + 0.5 * strength);
    fork(canvas, random, path, color, strength);
  }
}

function fork(canvas: Canvas, random: Random, path: readonly Point[], color: Color, strength: number): void {
  const branches = random.whole(1, 6);
  for (let index = 0; index < branches; index++) {
    const from = path[random.whole(1, Math.max(1, path.length - 3))];
    if (from === undefined) continue;
    const to = { x: from.x + random.between(-0.25, 0.25), y: from.y + random.between(0.06, 0.25) };
    curve(canvas, jagged(random, from, to, 0.07), [0.0055, 0.002], color, 0.35 + 0.5 * strength);
  }
}

/** Breaks a line at its middle, sideways, again and again. */
function jagged(random: Random, from: Point, to: Point, amplitude: number): Point[] {
  let path = [from, to];
  for (let size = amplitude; size > 0.006; size /= 2) {
    const finer: Point[] = [];
    for (const [index, point] of path.entries()) {
      const before = path[index - 1];
      if (before !== undefined)
        finer.push({
          x: (before.x + point.x) / 2 + random.between(-size, size),
          y: (before.y + point.y) / 2 + random.between(-size, size) * 0.4,
        });
      finer.push(point);
    }
    path = finer;
  }
  return path;
}

const bands: readonly Color[] = [
  [0.86, 0.2, 0.24],
  [0.95, 0.55, 0.2],
  [0.97, 0.88, 0.3],
  [0.36, 0.76, 0.38],
  [0.25, 0.52, 0.86],
  [0.42, 0.28, 0.68],
];

/** Bends a bow over a landscape after rain: whole or in part, vivid or hardly there, at times with a second one. */
export function paintRainbow(canvas: Canvas, random: Random): void {
  const light = random.pick([lights.storm, lights.overcast, lights.clear, lights.clear, lights.evening]);
  const { horizon } = paintLandscape(canvas, random, { light });
  const center = { x: random.between(0.05, 0.95), y: horizon + random.between(0.02, 0.35) };
  const radius = random.between(0.35, 0.75);
  const strength = random.between(0.15, 0.75);
  bow(canvas, random, {
    center,
    radius,
    width: random.between(0.05, 0.095),
    strength,
    horizon,
    reversed: false,
  });
  if (random.chance(0.3))
    bow(canvas, random, {
      center,
      radius: radius * 1.25,
      width: 0.07,
      strength: strength * 0.4,
      horizon,
      reversed: true,
    });
  const streaks = random.chance(0.35) ? random.whole(20, 120) : 0;
  for (let index = 0; index < streaks; index++) {
    const from = { x: random.next(), y: random.next() };
    stroke(canvas, from, { x: from.x + 0.01, y: from.y + 0.06 }, [0.003, 0.002], [0.9, 0.92, 0.95], 0.25);
  }
}

interface Bow {
  readonly center: Point;
  readonly radius: number;
  readonly width: number;
  readonly strength: number;
  readonly horizon: number;
  /** The second bow has its colours the other way round. */
  readonly reversed: boolean;
}

function bow(
  canvas: Canvas,
  random: Random,
  { center, radius, width, strength, horizon, reversed }: Bow,
): void {
  const patches = fractal(noiseOf(random), 2);
  const shift = random.between(0, 40);
  const across = (x: number, y: number): number => (reach(x - center.x, y - center.y) - radius) / width + 0.5;
  cover(
    canvas,
    (x, y) => {
      const outward = clamp(across(x, y));
      const at = (reversed ? outward : 1 - outward) * (bands.length - 1);
      const from = bands[Math.floor(at)] ?? [1, 1, 1];
      return mix(from, bands[Math.floor(at) + 1] ?? from, at % 1);
    },
    (x, y) => {
      const share = across(x, y);
      if (share <= 0 || share >= 1) return 0;
      const edge = Math.min(1, 5 * share, 5 * (1 - share));
      const standing = 1 - step(horizon - 0.05, horizon + 0.05, y);
      return strength * edge * standing * (0.35 + 0.85 * patches(x * 3 + shift, y * 3));
    },
  );
}
