/** A square picture under way. Positions run from 0 to 1, x to the right and y down; colours from 0 to 1. */
export interface Canvas {
  /** Pixels a side. */
  readonly size: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly rgb: Float32Array;
}

export type Color = readonly [red: number, green: number, blue: number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function blankCanvas(size: number): Canvas {
  return { size, rgb: new Float32Array(size * size * 3) };
}

/** Mixes two colours: 0 gives the first, 1 the second. */
export function mix(from: Color, to: Color, share: number): Color {
  const part = clamp(share);
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}

/** Makes a colour lighter or darker. */
export function scaled(color: Color, factor: number): Color {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

export function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Length of a vector; Math.hypot guards against overflow, at ten times the cost. */
export function reach(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Rises from 0 at `low` to 1 at `high`, smoothly. */
export function step(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/** Paints every pixel of the rows from `top` to `bottom`. */
export function paint(canvas: Canvas, colorAt: (x: number, y: number) => Color, top = 0, bottom = 1): void {
  cover(canvas, colorAt, () => 1, { left: 0, right: 1, top, bottom });
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const everywhere: Box = { left: 0, right: 1, top: 0, bottom: 1 };

/** Lays a colour over the pixels of a box, as thickly as `alphaAt` says. */
export function cover(
  { size, rgb }: Canvas,
  colorAt: Color | ((x: number, y: number) => Color),
  alphaAt: (x: number, y: number) => number,
  box: Box = everywhere,
): void {
  const right = Math.min(size, Math.ceil(box.right * size));
  const bottom = Math.min(size, Math.ceil(box.bottom * size));
  for (let row = Math.max(0, Math.floor(box.top * size)); row < bottom; row++) {
    const y = (row + 0.5) / size;
    for (let column = Math.max(0, Math.floor(box.left * size)); column < right; column++) {
      const x = (column + 0.5) / size;
      const alpha = clamp(alphaAt(x, y));
      if (alpha === 0) continue;
      const color = typeof colorAt === 'function' ? colorAt(x, y) : colorAt;
      const at = (row * size + column) * 3;
      const kept = 1 - alpha;
      rgb[at] = (rgb[at] ?? 0) * kept + color[0] * alpha;
      rgb[at + 1] = (rgb[at + 1] ?? 0) * kept + color[1] * alpha;
      rgb[at + 2] = (rgb[at + 2] ?? 0) * kept + color[2] * alpha;
    }
  }
}

/** Adds light that falls off around a point. */
export function glow(canvas: Canvas, { x, y }: Point, radius: number, color: Color, strength: number): void {
  const { size, rgb } = canvas;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const dx = (column + 0.5) / size - x;
      const dy = (row + 0.5) / size - y;
      const fall = 1 + (dx * dx + dy * dy) / (radius * radius);
      const light = strength / (fall * fall);
      const at = (row * size + column) * 3;
      for (let channel = 0; channel < 3; channel++)
        rgb[at + channel] = (rgb[at + channel] ?? 0) + (color[channel] ?? 0) * light;
    }
}

/** Blurs by three passes of a box of `radius` pixels: close to a Gaussian. */
export function blur(canvas: Canvas, radius: number): void {
  if (radius < 1) return;
  for (let pass = 0; pass < 3; pass++) {
    boxBlur(canvas, radius, 3, canvas.size * 3);
    boxBlur(canvas, radius, canvas.size * 3, 3);
  }
}

/** Averages along lines: `along` is the step from pixel to pixel of a line, `across` from line to line. */
function boxBlur({ size, rgb }: Canvas, radius: number, along: number, across: number): void {
  const width = 2 * radius + 1;
  // The line with its end pixels repeated, so that the window may stand out over them.
  const line = new Float32Array(size + width);
  for (let index = 0; index < size; index++)
    for (let channel = 0; channel < 3; channel++) {
      const start = index * across + channel;
      for (let at = 0; at < size; at++) line[at + radius] = rgb[start + at * along] ?? 0;
      line.fill(line[radius] ?? 0, 0, radius);
      line.fill(line[size + radius - 1] ?? 0, size + radius);
      let sum = 0;
      for (let at = 0; at < width; at++) sum += line[at] ?? 0;
      for (let at = 0; at < size; at++) {
        rgb[start + at * along] = sum / width;
        sum += (line[at + width] ?? 0) - (line[at] ?? 0);
      }
    }
}
