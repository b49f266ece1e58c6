import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Makes a small picture of one colour with a mark that tells `variant`s apart. */
export async function picture(
  color: { r: number; g: number; b: number },
  variant: number,
  format: 'jpeg' | 'png' | 'webp' = 'png',
): Promise<Buffer> {
  const side = 24;
  const pixels = Buffer.alloc(side * side * 3);
  for (let at = 0; at < side * side; at++) {
    const noise = ((at * 7 + variant * 131) % 23) - 11;
    pixels[at * 3] = Math.max(0, Math.min(255, color.r + noise));
    pixels[at * 3 + 1] = Math.max(0, Math.min(255, color.g + noise));
    pixels[at * 3 + 2] = Math.max(0, Math.min(255, color.b + noise));
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Writes a file, making the folders above it. */
export async function put(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, content);
}

/** Writes `count` pictures of one class, `<class>/<n>.png`. */
export async function putClass(
  folder: string,
  className: string,
  count: number,
  color = { r: 90, g: 140, b: 200 },
): Promise<void> {
  for (let index = 0; index < count; index++)
    await put(folder, `${className}/${index}.png`, await picture(color, index));
}

/** Reads a folder's files into a map from path to content, to compare folders whole. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const contents: [string, string][] = [];
  const visit = async (inner: string): Promise<void> => {
    for (const entry of await readdir(join(folder, inner), { withFileTypes: true })) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else contents.push([path, (await readFile(join(folder, path))).toString('base64')]);
    }
  };
  await visit('');
  return Object.fromEntries(contents.sort(([a], [b]) => (a < b ? -1 : 1)));
}
