import sharp from 'sharp';
import type { Preprocessing } from './preprocessing.ts';

/** Pixels of one picture: `height * width * 3` bytes, row by row, R G B. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

// A picture is small beside the memory of all that are under way, and none is read twice: a cache only costs.
sharp.cache(false);
// Parallelism is over pictures; threads inside one would only compete with the other ones.
sharp.concurrency(1);

/**
 * Decodes a picture (a path, or the file's bytes) to 8-bit RGB at a preprocessing's size. The rotation its EXIF data
 * asks for is applied, transparency is put on white, greyscale is expanded. The same file gives the same bytes.
 * @throws Error of the decoder where the file is no readable picture
 */
export async function decodeImage(
  source: string | Uint8Array,
  preprocessing: Preprocessing,
): Promise<Pixels> {
  const { width, height, fit, kernel } = preprocessing;
  const { data, info } = await sharp(source, { failOn: 'error' })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({ width, height, fit, kernel, background: '#ffffff' })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { width, height, data };
  return { width, height, data: rgbOf(data, info.channels, width * height) };
}

/** Takes the first three of four channels, or repeats the one of greyscale. */
function rgbOf(data: Uint8Array, channels: number, pixels: number): Uint8Array {
  const rgb = new Uint8Array(pixels * 3);
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0];
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    rgb[pixel * 3] = data[from] ?? 0;
    rgb[pixel * 3 + 1] = data[from + green] ?? 0;
    rgb[pixel * 3 + 2] = data[from + blue] ?? 0;
  }
  return rgb;
}
