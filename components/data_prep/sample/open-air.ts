/** Weather that fills the air of a landscape: fog and smog, sandstorm, rain, snow. */
import { blur, cover, mix, scaled, step, type Canvas, type Color } from './canvas.ts';
import { lights, paintLandscape, veil } from './landscape.ts';
import { fractal, noiseOf } from './noise.ts';
import type { Random } from './random.ts';
import { disc, stroke } from './strokes.ts';

/** Hides the distance in grey; smog is browner, and lies over towns. */
export function paintFog(canvas: Canvas, random: Random): void {
  const smog = random.chance(0.4);
  const light = smog
    ? random.pick([lights.overcast, lights.evening])
    : random.pick([lights.overcast, lights.clear]);
  const color: Color = smog
    ? mix([0.64, 0.62, 0.58], [0.78, 0.66, 0.5], random.next())
    : mix([0.72, 0.74, 0.77], [0.86, 0.87, 0.88], random.next());
  const density = random.between(0.45, 0.97);
  paintLandscape(canvas, random, { light, haze: { color, density }, town: smog || random.chance(0.2) });
  veil(canvas, { color, density }, random.between(0.2, 0.75) * density);
  const banks = fractal(noiseOf(random), 3);
  const shift = random.between(0, 60);
  cover(
    canvas,
    color,
    (x, y) => density * 0.75 * step(0.3, 0.75, banks(x * 2 + shift, y * 5)) * step(0.15, 0.5, y),
  );
}

/** Hides the distance in dust, with a front that rolls over the land or grains that blow along it. */
export function paintSandstorm(canvas: Canvas, random: Random): void {
  const color: Color = mix([0.78, 0.52, 0.28], [0.82, 0.75, 0.63], random.next());
  const density = random.between(0.35, 0.95);
  paintLandscape(canvas, random, {
    light: random.pick([lights.clear, lights.overcast, lights.evening]),
    haze: { color, density },
    land: [scaled(color, 0.8), mix(scaled(color, 0.6), [0.3, 0.27, 0.2], random.next())],
    trees: [0.3, 0.26, 0.16],
  });
  const dust = fractal(noiseOf(random), 4);
  const shift = random.between(0, 60);
  if (random.chance(0.55)) {
    const front = random.between(0.12, 0.45);
    const lean = random.between(-0.25, 0.25);
    cover(
      canvas,
      (x, y) => scaled(color, 0.62 + 0.62 * dust(x * 5 + shift, y * 5)),
      (x, y) => {
        const edge = front + lean * (x - 0.5) + 0.28 * (dust(x * 3.2 + shift, y * 3.2) - 0.5);
        return 0.95 * step(edge, edge + 0.05, y) * (1 - step(0.62, 0.92, y));
      },
    );
  }
  veil(canvas, { color, density }, 0.5 * density);
  const grains = random.whole(0, 160);
  for (let index = 0; index < grains; index++) {
    const [x, y, long] = [random.next(), random.between(0.35, 1), random.between(0.01, 0.05)];
    stroke(canvas, { x, y }, { x: x + long, y: y + 0.1 * long }, [0.004, 0.002], scaled(color, 1.15), 0.3);
  }
}

/** Draws streaks before a dull landscape or a wet street; now and then the drops are on a window. */
export function paintRain(canvas: Canvas, random: Random): void {
  const light = random.pick([lights.overcast, lights.storm, lights.storm, lights.evening]);
  const { horizon } = paintLandscape(canvas, random, {
    light,
    haze: { color: mix(light.horizon, [0.55, 0.58, 0.62], 0.6), density: random.between(0.3, 0.95) },
  });
  wetGround(canvas, random, horizon);
  if (random.chance(0.3)) {
    blur(canvas, random.whole(2, 4));
    drops(canvas, random, random.whole(25, 70));
    return;
  }
  const slant = random.between(-0.35, 0.35);
  const heaviness = random.between(0.05, 1);
  const bright = mix(light.horizon, [1, 1, 1], 0.55);
  for (let index = 0; index < 90 + 260 * heaviness; index++) {
    const near = random.next() ** 2;
    const long = 0.03 + 0.11 * near;
    const from = { x: random.between(-0.1, 1.1), y: random.between(-0.1, 1) };
    const to = { x: from.x + slant * long, y: from.y + long };
    stroke(
      canvas,
      from,
      to,
      [0.003 + 0.005 * near, 0.002],
      bright,
      random.between(0.15, 0.5) * (0.5 + heaviness),
    );
  }
  const splashes = random.whole(0, 40);
  for (let index = 0; index < splashes; index++) {
    const place = { x: random.next(), y: random.between(Math.min(0.95, horizon + 0.1), 1) };
    const radius = random.between(0.006, 0.022);
    disc(canvas, place, radius, bright, { alpha: 0.4, softness: 0.9, squash: 0.35 });
    disc(canvas, place, radius * 0.6, scaled(bright, 0.6), { alpha: 0.35, softness: 0.9, squash: 0.35 });
  }
}

/** Whitens the land and the trees, and lets flakes fall: from none to many. */
export function paintSnow(canvas: Canvas, random: Random): void {
  const light = random.pick([lights.overcast, lights.overcast, lights.clear, lights.evening]);
  const white: Color = mix([0.86, 0.9, 0.97], [0.97, 0.97, 0.98], random.next());
  const bare = random.between(0, 0.6);
  paintLandscape(canvas, random, {
    light: { ...light, ground: Math.max(0.72, light.ground) },
    haze: { color: mix(light.horizon, white, 0.5), density: random.between(0.25, 0.75) },
    land: [mix(white, [0.4, 0.45, 0.5], 0.3 + bare), mix(white, [0.35, 0.33, 0.28], bare)],
    trees: mix([0.2, 0.26, 0.24], white, random.between(0, 0.7)),
  });
  const flakes = random.chance(0.25) ? random.whole(0, 15) : random.whole(40, 260);
  for (let index = 0; index < flakes; index++) {
    const near = random.next() ** 3;
    const place = { x: random.next(), y: random.next() };
    disc(canvas, place, 0.003 + 0.013 * near, [1, 1, 1], { alpha: 0.85 - 0.4 * near, softness: 0.7 });
  }
}

/** Turns the foreground into a mirror of what stands above it, streaked downwards. */
function wetGround(canvas: Canvas, random: Random, horizon: number): void {
  const from = Math.min(0.9, horizon + random.between(0.08, 0.2));
  const strength = random.between(0, 0.75);
  const ripple = fractal(noiseOf(random), 3);
  const { size, rgb } = canvas;
  cover(
    canvas,
    (x, y) => {
      const mirrored = 2 * from - y - 0.03 * ripple(x * 8, y * 60);
      const row = Math.max(0, Math.min(size - 1, Math.floor(mirrored * size)));
      const at = (row * size + Math.min(size - 1, Math.floor(x * size))) * 3;
      return [(rgb[at] ?? 0) * 0.8, (rgb[at + 1] ?? 0) * 0.82, (rgb[at + 2] ?? 0) * 0.86];
    },
    (_, y) => strength * step(from, from + 0.05, y),
    { left: 0, right: 1, top: from, bottom: 1 },
  );
}

/** Lays drops on a pane: bright below, dark above, since each shows the view upside down. */
function drops(canvas: Canvas, random: Random, count: number): void {
  for (let index = 0; index < count; index++) {
    const place = { x: random.next(), y: random.next() };
    const radius = random.between(0.006, 0.028);
    if (random.chance(0.2))
      stroke(
        canvas,
        { x: place.x, y: place.y - radius * random.between(3, 14) },
        place,
        [radius * 0.5, radius * 1.4],
        [0.75, 0.78, 0.8],
        0.3,
      );
    disc(canvas, place, radius, [0.25, 0.28, 0.32], { alpha: 0.55, softness: 0.35, squash: 1.2 });
    disc(canvas, { x: place.x, y: place.y + radius * 0.35 }, radius * 0.7, [0.88, 0.9, 0.92], {
      alpha: 0.65,
      softness: 0.6,
    });
    disc(canvas, { x: place.x - radius * 0.3, y: place.y - radius * 0.5 }, radius * 0.22, [1, 1, 1], {
      alpha: 0.9,
    });
  }
}
