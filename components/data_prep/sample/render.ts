import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { takePicture } from './camera.ts';
import { blankCanvas } from './canvas.ts';
import { randomOf } from './random.ts';
import { weather } from './weather.ts';

/** Pixels a side. */
const side = 192;

export interface SampleOptions {
  /** Pictures a class. @default 40 */
  readonly perClass?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/**
 * Renders the sample into a folder, `<class>/<class>-01.jpg` and so on: synthetic pictures of eleven kinds of weather.
 * Every picture follows from its name alone, so that each run gives the same bytes. Encoding overlaps with painting.
 */
export async function renderSample(folder: string, options: SampleOptions = {}): Promise<void> {
  const { perClass = 40, signal } = options;
  for (const [className, painter] of Object.entries(weather)) {
    await mkdir(join(folder, className), { recursive: true });
    const written: Promise<void>[] = [];
    for (let index = 1; index <= perClass; index++) {
      signal?.throwIfAborted();
      const name = `${className}-${String(index).padStart(2, '0')}`;
      const random = randomOf(`weather/${name}`);
      const canvas = blankCanvas(side);
      painter(canvas, random);
      const pixels = takePicture(canvas, random);
      const quality = random.whole(72, 92);
      written.push(
        encode(pixels, quality).then((file) => writeFile(join(folder, className, `${name}.jpg`), file)),
      );
    }
    await Promise.all(written);
  }
}

async function encode(pixels: Uint8Array, quality: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
