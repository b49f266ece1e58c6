import { clamp, cover, mix, paint, scaled, step, type Canvas, type Color, type Point } from './canvas.ts';
import { fractal, noiseOf } from './noise.ts';
import type { Random } from './random.ts';
import { disc, stroke } from './strokes.ts';

/** The light of a day, before any weather. */
export interface Light {
  readonly zenith: Color;
  readonly horizon: Color;
  readonly cloud: Color;
  /** How much of the sky clouds hide, 0 to 1. */
  readonly cloudiness: number;
  /** How bright things on the ground are. */
  readonly ground: number;
}

export const lights: Readonly<Record<'clear' | 'overcast' | 'storm' | 'evening' | 'night', Light>> = {
  clear: {
    zenith: [0.25, 0.47, 0.78],
    horizon: [0.72, 0.84, 0.93],
    cloud: [0.97, 0.97, 0.98],
    cloudiness: 0.3,
    ground: 1,
  },
  overcast: {
    zenith: [0.58, 0.62, 0.67],
    horizon: [0.78, 0.8, 0.82],
    cloud: [0.66, 0.69, 0.73],
    cloudiness: 0.8,
    ground: 0.75,
  },
  storm: {
    zenith: [0.2, 0.24, 0.31],
    horizon: [0.46, 0.5, 0.54],
    cloud: [0.29, 0.32, 0.38],
    cloudiness: 0.9,
    ground: 0.5,
  },
  evening: {
    zenith: [0.27, 0.3, 0.5],
    horizon: [0.93, 0.66, 0.47],
    cloud: [0.62, 0.47, 0.5],
    cloudiness: 0.45,
    ground: 0.55,
  },
  night: {
    zenith: [0.04, 0.05, 0.12],
    horizon: [0.14, 0.15, 0.27],
    cloud: [0.13, 0.13, 0.21],
    cloudiness: 0.8,
    ground: 0.13,
  },
};

/** What hides the distance: its colour, and how much of it lies before the farthest hills, 0 to 1. */
export interface Haze {
  readonly color: Color;
  readonly density: number;
}

export interface LandscapeOptions {
  readonly light: Light;
  readonly haze?: Haze;
  /** Colours of hills and plain, far and near. @default greens */
  readonly land?: readonly [far: Color, near: Color];
  /** Colour of trees. */
  readonly trees?: Color;
  /** What stands in the middle distance. @default drawn */
  readonly town?: boolean;
}

/** What other painters need to know of a landscape. */
export interface Landscape {
  /** Height of the skyline, from the top. */
  readonly horizon: number;
}

const greens: readonly [Color, Color] = [
  [0.36, 0.46, 0.45],
  [0.26, 0.36, 0.17],
];

/** Paints sky, clouds, hills, trees or a town, and a plain: the stage of all weather that is seen from afar. */
export function paintLandscape(canvas: Canvas, random: Random, options: LandscapeOptions): Landscape {
  const { light, haze = { color: light.horizon, density: 0.35 }, land = greens } = options;
  const horizon = random.between(0.45, 0.75);
  paintSky(canvas, random, light, horizon);
  veil(canvas, haze, 0.55 * haze.density);

  const hills = random.whole(2, 4);
  const town = options.town ?? random.chance(0.35);
  for (let index = 0; index < hills; index++) {
    const nearness = (index + 1) / hills;
    const hidden = haze.density * (1 - 0.8 * nearness);
    const color = mix(scaled(mix(land[0], land[1], nearness), light.ground), haze.color, hidden);
    const base = horizon - 0.16 * (1 - nearness) * random.between(0.3, 1.2) + 0.05 * nearness;
    const skyline = paintHill(canvas, random, base, 0.16 * (1.2 - nearness), color, nearness === 1);
    if (index === 0) continue;
    const tree = mix(scaled(options.trees ?? [0.16, 0.25, 0.13], light.ground), haze.color, hidden);
    if (town && index === 1) paintTown(canvas, random, skyline, tree, light, hidden);
    else paintTrees(canvas, random, skyline, 0.06 + 0.2 * nearness ** 2, tree);
  }
  return { horizon };
}

/** Lays haze over the picture, thickest in the middle, where the eye goes farthest. */
export function veil(canvas: Canvas, { color }: Haze, density: number): void {
  cover(canvas, color, (_, y) => density * (1 - 1.6 * (y - 0.5) * (y - 0.5)));
}

/** Paints a sky with clouds that lie flatter towards the horizon; below it nothing is painted. */
export function paintSky(canvas: Canvas, random: Random, light: Light, horizon: number): void {
  const clouds = fractal(noiseOf(random), 4);
  const shift = random.between(0, 50);
  const scale = random.between(2, 4.5);
  const from = 0.72 - 0.5 * light.cloudiness;
  const shadow = scaled(light.cloud, 0.78);
  const colorAt = (x: number, y: number): Color => {
    const up = clamp(1 - y / horizon);
    const sky = mix(light.horizon, light.zenith, Math.sqrt(up));
    const flat = scale * (1 + 2.2 * (1 - up));
    const cover = step(from, from + 0.23, clouds(x * scale + shift, y * flat));
    if (cover === 0) return sky;
    const under = step(0.4, 0.8, clouds(x * scale + shift, y * flat + 0.35));
    return mix(sky, mix(light.cloud, shadow, under), cover);
  };
  // The nearest hill begins above the lower end.
  paint(canvas, colorAt, 0, Math.min(1, horizon + 0.1));
}

/** Paints a hill and gives its skyline. */
function paintHill(
  canvas: Canvas,
  random: Random,
  base: number,
  height: number,
  color: Color,
  nearest: boolean,
): (x: number) => number {
  const outline = fractal(noiseOf(random), 4);
  const soil = fractal(noiseOf(random), 2);
  const shift = random.between(0, 80);
  const columns = Float32Array.from(
    { length: canvas.size },
    (_, column) => base - height * (outline((2.3 * column) / canvas.size + shift, 0.5) - 0.35),
  );
  const skyline = (x: number): number => columns[Math.floor(clamp(x) * (canvas.size - 1))] ?? base;
  cover(
    canvas,
    (x, y) => scaled(color, 0.82 + 0.36 * soil(x * 14 + shift, (y / (1.15 - y * 0.4)) * 26)),
    (x, y) => step(-0.004, 0.004, y - skyline(x)),
    // What lies lower is behind the next hill.
    { left: 0, right: 1, top: base - height, bottom: nearest ? 1 : base + 0.35 },
  );
  return skyline;
}

function paintTrees(
  canvas: Canvas,
  random: Random,
  skyline: (x: number) => number,
  height: number,
  color: Color,
): void {
  const conifers = random.chance(0.5);
  const count = random.whole(2, Math.round(1.6 / height));
  for (let index = 0; index < count; index++) {
    const x = random.between(-0.05, 1.05);
    const foot = { x, y: skyline(x) + random.between(0, 0.04) };
    const tall = height * random.between(0.6, 1.3);
    const shade = scaled(color, random.between(0.75, 1.25));
    if (conifers) paintConifer(canvas, random, foot, tall, shade);
    else paintCrown(canvas, random, foot, tall, shade);
  }
}

/** Paints a fir: a saw-edged triangle. */
function paintConifer(canvas: Canvas, random: Random, foot: Point, height: number, color: Color): void {
  const layers = random.whole(5, 8);
  const width = height * random.between(0.2, 0.32);
  const top = foot.y - height;
  cover(
    canvas,
    (x, y) => scaled(color, 0.85 + 0.3 * step(-width, width, foot.x - x) + 0.1 * Math.sin(y * 160)),
    (x, y) => {
      const down = (y - top) / height;
      if (down < 0 || down > 1) return 0;
      const saw = 0.72 + 0.28 * ((down * layers) % 1);
      return 1 - step(0.85, 1.1, Math.abs(x - foot.x) / (width * down * saw + 0.002));
    },
    { left: foot.x - width, right: foot.x + width, top, bottom: foot.y },
  );
}

/** Paints a broad-leaved tree: a trunk and a crown of discs. */
function paintCrown(canvas: Canvas, random: Random, foot: Point, height: number, color: Color): void {
  const top = { x: foot.x + random.between(-0.05, 0.05) * height, y: foot.y - 0.55 * height };
  stroke(canvas, foot, top, [0.09 * height, 0.05 * height], scaled(color, 0.7));
  for (let index = 0; index < 12; index++) {
    const angle = random.between(0, 2 * Math.PI);
    const away = height * random.between(0, 0.3);
    disc(
      canvas,
      { x: top.x + away * Math.cos(angle), y: top.y - 0.12 * height + 0.8 * away * Math.sin(angle) },
      height * random.between(0.08, 0.19),
      scaled(color, random.between(0.8, 1.25)),
      { alpha: 0.9, softness: 0.35 },
    );
  }
}

/** Paints a row of houses; windows are lit where it is dark. */
function paintTown(
  canvas: Canvas,
  random: Random,
  skyline: (x: number) => number,
  color: Color,
  light: Light,
  hidden: number,
): void {
  const lit: Color = [0.98, 0.85, 0.5];
  const tallest = random.between(0.12, 0.34);
  for (let x = random.between(-0.1, 0.05); x < 1;) {
    const width = random.between(0.05, 0.14);
    const height = tallest * random.between(0.3, 1);
    const foot = skyline(x + width / 2) + 0.02;
    const wall = scaled(mix(color, [0.5, 0.48, 0.46], 0.35 * light.ground), random.between(0.8, 1.25));
    const box = { left: x, right: x + width, top: foot - height, bottom: foot };
    cover(canvas, wall, () => 1, box);
    const glass = light.ground < 0.4 ? lit : scaled(wall, 0.7);
    for (let wy = box.top + 0.014; wy < foot - 0.02; wy += 0.028)
      for (let wx = x + 0.012; wx < x + width - 0.014; wx += 0.024)
        if (random.chance(light.ground < 0.4 ? 0.3 : 0.75))
          cover(canvas, glass, () => 0.85 * (1 - hidden), {
            left: wx,
            right: wx + 0.01,
            top: wy,
            bottom: wy + 0.013,
          });
    x += width + random.between(-0.01, 0.07);
  }
}
