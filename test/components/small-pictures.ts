import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { noise } from '../onnx/noise.ts';

const colours: Readonly<Record<string, readonly [number, number, number]>> = {
  blue: [60, 80, 190],
  green: [60, 170, 70],
  red: [190, 60, 50],
};

/** Writes `count` noisy pictures of 24 x 24 pixels for each class into `folder/<class>/`. */
export async function writePictures(
  folder: string,
  count: number,
  classes: readonly string[] = Object.keys(colours),
): Promise<string> {
  for (const [place, name] of classes.entries()) {
    await mkdir(join(folder, name), { recursive: true });
    for (let index = 0; index < count; index++) {
      const grain = noise(24 * 24 * 3, place * 1000 + index + folder.length * 17);
      const colour = colours[name] ?? [128, 128, 128];
      const pixels = Uint8Array.from(grain, (value, i) => (colour[i % 3] ?? 0) + value * 38);
      const png = await sharp(pixels, { raw: { width: 24, height: 24, channels: 3 } })
        .png()
        .toBuffer();
      await writeFile(join(folder, name, `${name}-${index}.png`), png);
    }
  }
  return folder;
}
