import { blur, reach, type Canvas } from './canvas.ts';
import type { Random } from './random.ts';

/**
 * Takes the picture: focus, exposure, contrast, colour of the light, a darker rim and the grain of a small sensor, all of
 * them drawn anew for each picture, so that no class has a brightness or a tint to itself.
 * @returns 8-bit RGB, row by row
 */
export function takePicture(canvas: Canvas, random: Random): Uint8Array {
  // One in five is a little out of focus.
  if (random.chance(0.2)) blur(canvas, 1);
  const { size, rgb } = canvas;
  const exposure = random.between(0.82, 1.3);
  const contrast = random.between(0.8, 1.2);
  const warmth = random.between(-0.08, 0.08);
  const rim = random.between(0, 0.35);
  const grain = random.between(0.008, 0.06);
  const speckle = Float32Array.from({ length: 8192 }, () => random.next() + random.next() - 1);
  const tint = [1 + warmth, 1, 1 - warmth] as const;
  const pixels = new Uint8ClampedArray(rgb.length);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const away = reach(column / size - 0.5, row / size - 0.5) * 1.41;
      const light = exposure * (1 - rim * away * away);
      const at = (row * size + column) * 3;
      // Numbers drawn before, taken from random places: drawing anew for each pixel would take as long as painting.
      const start = Math.floor(random.next() * 8188);
      const shared = speckle[start] ?? 0;
      for (let channel = 0; channel < 3; channel++) {
        const speck = shared + 0.5 * (speckle[start + 1 + channel] ?? 0);
        const seen = (rgb[at + channel] ?? 0) * light * (tint[channel] ?? 1);
        // A clamped array rounds and keeps within 0 to 255.
        pixels[at + channel] = 255 * ((seen - 0.5) * contrast + 0.5 + grain * speck);
      }
    }
  return new Uint8Array(pixels.buffer);
}
