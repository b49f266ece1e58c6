/** Ice that grows on branches: glaze, which is clear, and rime, which is white. */
import { blur, mix, paint, scaled, type Canvas, type Color, type Point } from './canvas.ts';
import { lights, paintLandscape, paintSky } from './landscape.ts';
import type { Random } from './random.ts';
import { disc, stroke } from './strokes.ts';

interface Twig {
  readonly from: Point;
  readonly to: Point;
  readonly width: number;
}

/** Coats branches in clear ice with bright edges, drops and icicles. */
export function paintGlaze(canvas: Canvas, random: Random): void {
  paintBehind(canvas, random);
  const bark: Color = mix([0.26, 0.18, 0.13], [0.4, 0.3, 0.22], random.next());
  const ice: Color = mix([0.72, 0.8, 0.88], [0.88, 0.9, 0.9], random.next());
  const coat = random.between(1.2, 2.6);
  for (const twig of branches(random)) {
    const { from, to, width } = twig;
    stroke(canvas, from, to, [width * coat + 0.006, width * coat + 0.005], scaled(ice, 0.85), 0.75);
    stroke(canvas, from, to, [width, width * 0.8], bark, 0.9);
    const lift = width * coat * 0.32;
    stroke(
      canvas,
      { x: from.x, y: from.y - lift },
      { x: to.x, y: to.y - lift },
      [0.0045, 0.003],
      [1, 1, 1],
      0.8,
    );
    if (random.chance(0.45)) hangIcicle(canvas, random, middle(twig), ice);
    if (random.chance(0.35)) {
      disc(canvas, middle(twig), random.between(0.008, 0.018), ice, { alpha: 0.8, softness: 0.4 });
      disc(canvas, middle(twig), 0.005, [1, 1, 1], { alpha: 0.9 });
    }
  }
}

/** Grows white needles from branches, or whitens whole trees of a landscape. */
export function paintRime(canvas: Canvas, random: Random): void {
  const white: Color = mix([0.88, 0.92, 0.97], [0.97, 0.97, 0.98], random.next());
  if (random.chance(0.3)) {
    paintLandscape(canvas, random, {
      light: { ...random.pick([lights.clear, lights.overcast]), ground: 0.95 },
      haze: { color: white, density: random.between(0.2, 0.5) },
      land: [mix(white, [0.5, 0.56, 0.62], 0.3), mix(white, [0.4, 0.42, 0.36], random.between(0.2, 0.6))],
      trees: mix(white, [0.5, 0.55, 0.6], 0.15),
      town: false,
    });
  } else paintBehind(canvas, random);
  const bark = mix([0.3, 0.25, 0.22], white, random.between(0.1, 0.5));
  const growth = random.between(0.008, 0.042);
  const wind = random.between(0, 2 * Math.PI);
  for (const twig of branches(random)) {
    stroke(canvas, twig.from, twig.to, [twig.width, twig.width * 0.8], bark);
    growNeedles(canvas, random, twig, growth, wind, white);
  }
}

/** Rime grows into the wind, so that needles on that side are the longer ones. */
function growNeedles(
  canvas: Canvas,
  random: Random,
  twig: Twig,
  growth: number,
  wind: number,
  white: Color,
): void {
  const length = Math.hypot(twig.to.x - twig.from.x, twig.to.y - twig.from.y);
  const count = Math.ceil(length * 330);
  for (let index = 0; index < count; index++) {
    const along = random.next();
    const root = {
      x: twig.from.x + (twig.to.x - twig.from.x) * along,
      y: twig.from.y + (twig.to.y - twig.from.y) * along,
    };
    const angle = random.between(0, 2 * Math.PI);
    const long = growth * random.between(0.4, 1) * (1 + 0.5 * Math.cos(angle - wind));
    const tip = { x: root.x + long * Math.cos(angle), y: root.y + long * Math.sin(angle) };
    stroke(canvas, root, tip, [0.009, 0.003], scaled(white, random.between(0.82, 1)), 0.8);
  }
}

/** A sky or a blurred wood behind the branches. */
function paintBehind(canvas: Canvas, random: Random): void {
  const light = random.pick([lights.overcast, lights.clear, lights.evening, lights.overcast]);
  if (random.chance(0.45)) paintSky(canvas, random, light, random.between(0.95, 1.6));
  else if (random.chance(0.6)) {
    paintLandscape(canvas, random, { light, trees: [0.3, 0.3, 0.28], town: false });
    blur(canvas, random.whole(3, 6));
  } else {
    const wood: Color = mix([0.2, 0.22, 0.2], [0.45, 0.46, 0.47], random.next());
    paint(canvas, (x, y) => scaled(wood, 0.8 + 0.3 * y + 0.15 * Math.sin(9 * x)));
  }
}

/** Grows one to three boughs from the rim of the picture, each with twigs that have twigs. */
function branches(random: Random): readonly Twig[] {
  const twigs: Twig[] = [];
  const grow = (from: Point, angle: number, long: number, width: number, depth: number): void => {
    let place = from;
    let direction = angle;
    const pieces = 5;
    for (let index = 0; index < pieces; index++) {
      direction += random.between(-0.25, 0.25);
      const next = {
        x: place.x + (long / pieces) * Math.cos(direction),
        y: place.y + (long / pieces) * Math.sin(direction),
      };
      twigs.push({ from: place, to: next, width: width * (1 - (0.6 * index) / pieces) });
      if (depth > 0 && random.chance(0.75)) {
        const side = random.pick([-1, 1]) * random.between(0.4, 1);
        grow(next, direction + side, long * random.between(0.35, 0.6), width * 0.55, depth - 1);
      }
      place = next;
    }
  };
  for (let bough = random.whole(1, 3); bough > 0; bough--) {
    const side = random.between(0, 2 * Math.PI);
    const root = { x: 0.5 + 0.68 * Math.cos(side), y: 0.5 + 0.68 * Math.sin(side) };
    grow(
      root,
      side + Math.PI + random.between(-0.4, 0.4),
      random.between(0.8, 1.25),
      random.between(0.016, 0.036),
      2,
    );
  }
  return twigs;
}

function hangIcicle(canvas: Canvas, random: Random, root: Point, ice: Color): void {
  const long = random.between(0.02, 0.11);
  const tip = { x: root.x, y: root.y + long };
  stroke(canvas, root, tip, [0.016, 0.003], ice, 0.8);
  stroke(
    canvas,
    { x: root.x - 0.003, y: root.y },
    { x: tip.x - 0.001, y: tip.y },
    [0.004, 0.001],
    [1, 1, 1],
    0.7,
  );
}

function middle({ from, to }: Twig): Point {
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}
