import { cover, reach, step, type Canvas, type Color, type Point } from './canvas.ts';

/** Lays a disc; `softness` is the share of its radius over which the edge fades. */
export function disc(
  canvas: Canvas,
  { x, y }: Point,
  radius: number,
  color: Color,
  { alpha = 1, softness = 0.15, squash = 1 } = {},
): void {
  const pixel = 0.7 / canvas.size;
  const outer = radius + pixel;
  const inner = Math.max(0, radius * (1 - softness) - pixel);
  cover(canvas, color, (px, py) => alpha * (1 - step(inner, outer, reach(px - x, (py - y) / squash))), {
    left: x - outer,
    right: x + outer,
    top: y - outer * squash,
    bottom: y + outer * squash,
  });
}

/** Draws a straight line with round ends whose width may change from its start to its end. */
export function stroke(
  canvas: Canvas,
  from: Point,
  to: Point,
  widths: readonly [start: number, end: number],
  color: Color,
  alpha = 1,
): void {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy || 1e-12;
  const pixel = 0.6 / canvas.size;
  const outer = Math.max(widths[0], widths[1]) / 2 + 2 * pixel;
  cover(
    canvas,
    color,
    (x, y) => {
      const along = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
      const away = reach(x - from.x - along * dx, y - from.y - along * dy);
      const half = (widths[0] + (widths[1] - widths[0]) * along) / 2;
      // A line thinner than a pixel is a fainter one.
      const strength = Math.min(1, half / pixel);
      return alpha * strength * (1 - step(Math.max(0, half - pixel), half + pixel, away));
    },
    {
      left: Math.min(from.x, to.x) - outer,
      right: Math.max(from.x, to.x) + outer,
      top: Math.min(from.y, to.y) - outer,
      bottom: Math.max(from.y, to.y) + outer,
    },
  );
}

/** Draws a line through several points, tapering from its first to its last. */
export function curve(
  canvas: Canvas,
  points: readonly Point[],
  widths: readonly [start: number, end: number],
  color: Color,
  alpha = 1,
): void {
  const width = (index: number): number =>
    widths[0] + ((widths[1] - widths[0]) * index) / Math.max(1, points.length - 1);
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (from !== undefined) stroke(canvas, from, to, [width(index - 1), width(index)], color, alpha);
  }
}
