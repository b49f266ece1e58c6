/** What lies on leaves, grass and ground: dew, frost, hail. */
import { blur, cover, mix, paint, scaled, step, type Canvas, type Color, type Point } from './canvas.ts';
import { fractal, noiseOf, type Noise } from './noise.ts';
import type { Random } from './random.ts';
import { curve, disc, stroke } from './strokes.ts';

const leafGreens: readonly Color[] = [
  [0.24, 0.46, 0.16],
  [0.34, 0.52, 0.2],
  [0.18, 0.38, 0.2],
  [0.5, 0.5, 0.2],
];

/** Sets clear drops on blades of grass or on a leaf. */
export function paintDew(canvas: Canvas, random: Random): void {
  const green = random.pick(leafGreens);
  paintBokeh(canvas, random, scaled(green, random.between(0.5, 1.3)));
  const places = random.chance(0.5)
    ? paintBlades(canvas, random, green)
    : paintLeaf(canvas, random, (x, y) => scaled(green, 0.8 + 0.4 * y + 0.1 * x));
  const drops = random.whole(5, 55);
  for (let index = 0; index < drops; index++) {
    const place = random.pick(places);
    const jitter = { x: place.x + random.between(-0.02, 0.02), y: place.y + random.between(-0.02, 0.02) };
    paintDrop(canvas, random, jitter, random.between(0.006, 0.045) * random.between(0.5, 1), green);
  }
}

/** Covers a leaf or blades with white needles, thickest at the rim; or grows ferns of ice on a window. */
export function paintFrost(canvas: Canvas, random: Random): void {
  if (random.chance(0.35)) {
    paintWindowFrost(canvas, random);
    return;
  }
  const base: Color = random.pick([...leafGreens, [0.45, 0.3, 0.16], [0.5, 0.24, 0.14]]);
  const cold = mix(base, [0.55, 0.6, 0.62], random.between(0.2, 0.55));
  paintBokeh(canvas, random, scaled(cold, random.between(0.5, 1.1)));
  const crystals = fractal(noiseOf(random), 4);
  const thickness = random.between(0.1, 0.75);
  const white: Color = [0.9, 0.94, 0.98];
  const frosted = (x: number, y: number): Color =>
    mix(cold, white, thickness * step(0.32, 0.72, crystals(x * 26, y * 26)) + 0.25 * thickness);
  const places = random.chance(0.4)
    ? paintBlades(canvas, random, mix(cold, white, 0.5 * thickness))
    : paintLeaf(canvas, random, frosted);
  for (let index = 0; index < 900 * thickness; index++) {
    const from = random.pick(places);
    const angle = random.between(0, 2 * Math.PI);
    const long = random.between(0.006, 0.024);
    const start = { x: from.x + random.between(-0.025, 0.025), y: from.y + random.between(-0.025, 0.025) };
    const tip = { x: start.x + long * Math.cos(angle), y: start.y + long * Math.sin(angle) };
    stroke(canvas, start, tip, [0.004, 0.001], white, random.between(0.3, 0.9));
  }
}

/** Scatters balls of ice over grass, soil or a road. */
export function paintHail(canvas: Canvas, random: Random): void {
  const ground: Color = random.pick([
    [0.28, 0.42, 0.17],
    [0.36, 0.44, 0.2],
    [0.4, 0.33, 0.25],
    [0.36, 0.37, 0.39],
  ]);
  const soil = fractal(noiseOf(random), 4);
  paint(canvas, (x, y) => scaled(ground, 0.45 + 0.95 * soil(x * 22, y * 22 * (1.6 - 0.6 * y))));
  if (ground[1] > ground[0] + 0.05)
    for (let index = 0; index < 160; index++)
      paintBlade(canvas, random, scaled(ground, random.between(0.6, 1.5)), 0.12);
  const size = random.between(0.009, 0.055);
  const count = Math.round(random.between(0.06, 0.3) / (size * size * 3.1));
  const places = Array.from({ length: Math.min(420, count) }, () => ({ x: random.next(), y: random.next() }));
  for (const place of places.sort((a, b) => a.y - b.y))
    paintHailstone(canvas, random, place, size * random.between(0.5, 1.3) * (0.6 + 0.6 * place.y));
}

function paintHailstone(canvas: Canvas, random: Random, place: Point, radius: number): void {
  const ice = mix([0.78, 0.82, 0.86], [0.95, 0.96, 0.98], random.next());
  const squash = random.between(0.8, 1.05);
  disc(canvas, { x: place.x + radius * 0.25, y: place.y + radius * 0.4 }, radius * 1.1, [0.08, 0.09, 0.08], {
    alpha: 0.4,
    softness: 0.6,
    squash,
  });
  disc(canvas, place, radius, scaled(ice, 0.78), { alpha: 0.95, softness: 0.15, squash });
  disc(canvas, { x: place.x - radius * 0.15, y: place.y - radius * 0.18 }, radius * 0.75, ice, {
    alpha: 0.85,
    softness: 0.8,
    squash,
  });
  disc(canvas, { x: place.x - radius * 0.3, y: place.y - radius * 0.35 }, radius * 0.25, [1, 1, 1], {
    alpha: 0.8,
    softness: 0.8,
  });
}

/** Fills the picture with what is out of focus behind. */
function paintBokeh(canvas: Canvas, random: Random, color: Color): void {
  const depth = fractal(noiseOf(random), 3);
  const shift = random.between(0, 40);
  paint(canvas, (x, y) => scaled(color, 0.45 + 0.95 * depth(x * 3 + shift, y * 3)));
  for (let index = random.whole(3, 18); index > 0; index--)
    disc(
      canvas,
      { x: random.next(), y: random.next() },
      random.between(0.02, 0.09),
      mix(color, [0.95, 0.95, 0.85], 0.6),
      {
        alpha: random.between(0.08, 0.3),
        softness: 0.25,
      },
    );
  blur(canvas, 3);
}

/** Paints blades of grass, and gives points along them. */
function paintBlades(canvas: Canvas, random: Random, color: Color): [Point, ...Point[]] {
  const places: [Point, ...Point[]] = [{ x: 0.5, y: 0.8 }];
  for (let index = random.whole(6, 22); index > 0; index--)
    places.push(
      ...paintBlade(canvas, random, scaled(color, random.between(0.7, 1.35)), random.between(0.4, 1.1)),
    );
  return places;
}

function paintBlade(canvas: Canvas, random: Random, color: Color, height: number): Point[] {
  const foot = { x: random.between(-0.1, 1.1), y: height > 0.3 ? 1.05 : random.between(0, 1.05) };
  const lean = random.between(-0.6, 0.6) * height;
  const droop = random.between(0, 0.4) * height;
  const points = Array.from({ length: 9 }, (_, index) => {
    const up = index / 8;
    return { x: foot.x + lean * up * up, y: foot.y - height * up + droop * up ** 3 };
  });
  const width = height > 0.3 ? random.between(0.02, 0.05) : 0.008;
  curve(canvas, points, [width, 0.003], color);
  if (height > 0.3) curve(canvas, points, [width * 0.2, 0.001], scaled(color, 1.3), 0.5);
  return points;
}

/** Paints one large leaf across the picture, with its veins, and gives points on it. */
function paintLeaf(
  canvas: Canvas,
  random: Random,
  colorAt: (x: number, y: number) => Color,
): [Point, ...Point[]] {
  const angle = random.between(0, 2 * Math.PI);
  const middle = { x: random.between(0.35, 0.65), y: random.between(0.35, 0.65) };
  const long = random.between(0.45, 0.75);
  const wide = long * random.between(0.35, 0.7);
  const bend = random.between(-0.3, 0.3);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const skin: Noise = fractal(noiseOf(random), 3);
  const across = (u: number): number => wide * Math.sqrt(Math.max(0, 1 - u * u)) * (1 - 0.35 * u);
  const place = (u: number, v: number): Point => ({
    x: middle.x + long * u * cos - (v + bend * u * u * wide) * sin,
    y: middle.y + long * u * sin + (v + bend * u * u * wide) * cos,
  });
  cover(
    canvas,
    (x, y) => scaled(colorAt(x, y), 0.8 + 0.4 * skin(x * 9, y * 9)),
    (x, y) => {
      const u = ((x - middle.x) * cos + (y - middle.y) * sin) / long;
      if (Math.abs(u) > 1) return 0;
      const v = (y - middle.y) * cos - (x - middle.x) * sin - bend * u * u * wide;
      return 1 - step(-0.008, 0.004, Math.abs(v) - across(u));
    },
  );
  const vein = scaled(colorAt(middle.x, middle.y), 1.35);
  curve(
    canvas,
    [-1, -0.5, 0, 0.5, 0.98].map((u) => place(u, 0)),
    [0.016, 0.004],
    vein,
    0.8,
  );
  for (const u of [-0.75, -0.5, -0.25, 0, 0.25, 0.5])
    for (const side of [-1, 1])
      stroke(canvas, place(u, 0), place(u + 0.28, side * 0.8 * across(u + 0.28)), [0.006, 0.002], vein, 0.6);
  const points = Array.from({ length: 160 }, (_, index) => {
    const u = random.between(-0.95, 0.95);
    // Every third point lies on the rim, where frost grows first.
    const v = index % 3 === 0 ? Math.sign(random.between(-1, 1)) : random.between(-0.95, 0.95);
    return place(u, v * across(u));
  });
  return [middle, ...points];
}

/** Paints a clear drop: dark rim, light gathered below, one highlight. */
function paintDrop(canvas: Canvas, random: Random, place: Point, radius: number, behind: Color): void {
  const squash = random.between(0.85, 1.1);
  disc(canvas, { x: place.x, y: place.y + radius * 0.2 }, radius * 1.12, scaled(behind, 0.25), {
    alpha: 0.5,
    softness: 0.5,
    squash,
  });
  disc(canvas, place, radius, scaled(behind, 0.75), { alpha: 0.85, softness: 0.15, squash });
  disc(
    canvas,
    { x: place.x + radius * 0.15, y: place.y + radius * 0.3 },
    radius * 0.68,
    mix(behind, [0.95, 1, 0.9], 0.6),
    { alpha: 0.75, softness: 0.8 },
  );
  disc(canvas, { x: place.x - radius * 0.32, y: place.y - radius * 0.38 }, radius * 0.24, [1, 1, 1], {
    alpha: 0.95,
    softness: 0.4,
  });
}

/** Grows ferns of ice over a pane, before a cold and blurred view. */
function paintWindowFrost(canvas: Canvas, random: Random): void {
  const view: Color = random.pick([
    [0.25, 0.36, 0.55],
    [0.4, 0.46, 0.52],
    [0.5, 0.42, 0.4],
  ]);
  paintBokeh(canvas, random, view);
  const film = fractal(noiseOf(random), 4);
  const white: Color = [0.9, 0.95, 1];
  cover(canvas, white, (x, y) => 0.6 * step(0.35, 0.75, film(x * 7, y * 7)));
  for (let index = random.whole(6, 13); index > 0; index--) {
    const root = { x: random.between(-0.05, 1.05), y: random.between(-0.05, 1.05) };
    growFern(canvas, random, root, random.between(0, 2 * Math.PI), random.between(0.18, 0.5), white);
  }
}

function growFern(
  canvas: Canvas,
  random: Random,
  root: Point,
  angle: number,
  long: number,
  color: Color,
): void {
  const bend = random.between(-1, 1);
  let place = root;
  for (let index = 0; index < 14; index++) {
    const direction = angle + (bend * index) / 14;
    const next = {
      x: place.x + (long / 14) * Math.cos(direction),
      y: place.y + (long / 14) * Math.sin(direction),
    };
    stroke(canvas, place, next, [0.007, 0.006], color, 0.75);
    for (const side of [-1, 1]) {
      const reach = long * 0.32 * (1 - index / 15) * random.between(0.6, 1);
      const tip = {
        x: next.x + reach * Math.cos(direction + side),
        y: next.y + reach * Math.sin(direction + side),
      };
      stroke(canvas, next, tip, [0.005, 0.001], color, 0.6);
    }
    place = next;
  }
}
