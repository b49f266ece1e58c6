import { readFile } from 'node:fs/promises';
import { mapBounded } from 'ferrule/data';
import sharp from 'sharp';
import { htmlPicture } from '../charts/html.ts';
import { decodersAtOnce } from '../images/parallel.ts';
import type { ClassCount } from './counts.ts';
import type { Photograph, Placed } from './photograph.ts';

/** Pictures at most, over all classes: the page carries their bytes. */
const mostPictures = 44;

/** Side of a picture on the sheet, in pixels. */
const side = 144;

/** Draws a few training photographs of each class, as HTML with the pictures inside. */
export async function contactSheet(
  placed: readonly Placed[],
  counts: readonly ClassCount[],
): Promise<string> {
  const perClass = Math.max(1, Math.min(4, Math.floor(mostPictures / counts.length)));
  const training = placed.filter((entry) => entry.part === 'train').map((entry) => entry.photograph);
  const chosen = counts
    .slice(0, mostPictures)
    .flatMap(({ className }) =>
      training.filter((photograph) => photograph.className === className).slice(0, perClass),
    );
  const pictures = await mapBounded(chosen, decodersAtOnce(), picture);
  return `<div class="sheet">${pictures.join('\n')}</div>`;
}

async function picture({ className, file }: Photograph): Promise<string> {
  const image = await sharp(await readFile(file))
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .resize(side, side, { fit: 'cover' })
    .jpeg({ quality: 78 })
    .toBuffer();
  return htmlPicture({
    image,
    mediaType: 'image/jpeg',
    caption: className,
    alt: `a picture of ${className}`,
  });
}
