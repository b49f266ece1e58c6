import { decodeImage, type Pixels } from '../images/decode.ts';
import type { Preprocessing } from '../images/preprocessing.ts';
import { randomOf } from './random.ts';

/** One way to look at a photograph: as it is, mirrored, or a part of it, at a place given in shares of what is left over. */
export interface View {
  readonly mirrored: boolean;
  readonly crop: { readonly left: number; readonly top: number } | undefined;
}

/** How much larger a photograph is decoded when a part of it is taken. */
const zoom = 8 / 7;

/**
 * Lists the views of one photograph that training uses. They are few and fixed, so that each is sent through the frozen
 * part of the backbone once; each epoch picks one of them.
 */
export function viewsOf(augment: boolean, seed: number, photograph: number): readonly View[] {
  const plain: View = { mirrored: false, crop: undefined };
  if (!augment) return [plain];
  const random = randomOf(seed, 'views', photograph);
  const part: View = {
    mirrored: random.next() < 0.5,
    crop: { left: random.next(), top: random.next() },
  };
  return [plain, { mirrored: true, crop: undefined }, part];
}

/** Decodes a photograph once or twice, and gives all its views at the preprocessing's size. */
export async function decodeViews(
  path: string,
  views: readonly View[],
  preprocessing: Preprocessing,
): Promise<readonly Pixels[]> {
  const { width, height } = preprocessing;
  const larger = {
    ...preprocessing,
    width: Math.round(width * zoom),
    height: Math.round(height * zoom),
  };
  const whole = await decodeImage(path, preprocessing);
  const closer = views.some(({ crop }) => crop !== undefined) ? await decodeImage(path, larger) : whole;
  return views.map(({ crop, mirrored }) => {
    if (crop === undefined) return mirrored ? cut(whole, 0, 0, width, height, true) : whole;
    const left = Math.floor(crop.left * (closer.width - width + 1));
    const top = Math.floor(crop.top * (closer.height - height + 1));
    return cut(closer, left, top, width, height, mirrored);
  });
}

function cut(
  from: Pixels,
  left: number,
  top: number,
  width: number,
  height: number,
  mirrored: boolean,
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * from.width + left) * 3;
    const row = from.data.subarray(start, start + width * 3);
    data.set(row, y * width * 3);
  }
  if (mirrored) mirrorRows(data, width);
  return { width, height, data };
}

/** Turns each row of pixels around, in place. */
function mirrorRows(data: Uint8Array, width: number): void {
  const stride = width * 3;
  for (let start = 0; start < data.length; start += stride)
    for (let left = start, right = start + stride - 3; left < right; left += 3, right -= 3)
      for (let channel = 0; channel < 3; channel++) {
        const kept = data[left + channel] ?? 0;
        data[left + channel] = data[right + channel] ?? 0;
        data[right + channel] = kept;
      }
}
