import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../components/images/decode.ts';
import { mapInOrder } from '../../components/images/parallel.ts';
import { defaultPreprocessing, parsePreprocessing } from '../../components/images/preprocessing.ts';

const small = { ...defaultPreprocessing, width: 2, height: 2, fit: 'fill', kernel: 'nearest' } as const;

describe('decoding a picture', () => {
  it('gives height * width * 3 bytes, row by row, R G B', async () => {
    const bytes = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]);
    const png = await sharp(bytes, { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(png, small)).data]).toEqual([...bytes]);
  });

  it('applies the rotation that EXIF data asks for', async () => {
    const upright = Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    const png = await sharp(upright, { raw: { width: 2, height: 2, channels: 3 } })
      .withMetadata({ orientation: 3 })
      .png()
      .toBuffer();
    expect([...(await decodeImage(png, small)).data]).toEqual([4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1]);
  });

  it('puts transparency on white', async () => {
    const rgba = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 255, 200, 0, 0, 0, 0, 200, 0, 255]);
    const png = await sharp(rgba, { raw: { width: 2, height: 2, channels: 4 } })
      .png()
      .toBuffer();
    const { data } = await decodeImage(png, small);
    expect([...data]).toEqual([255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 200, 0]);
  });

  it('expands greyscale, also with 16 bits a pixel', async () => {
    const grey = Uint8Array.from([7, 8, 9, 10]);
    const flat = sharp(grey, { raw: { width: 2, height: 2, channels: 1 } });
    const eight = await flat.clone().toColourspace('b-w').png().toBuffer();
    const sixteen = await flat.clone().toColourspace('grey16').png().toBuffer();
    const wanted = [7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10];
    expect([...(await decodeImage(eight, small)).data]).toEqual(wanted);
    expect([...(await decodeImage(sixteen, small)).data]).toEqual(wanted);
  });

  it('fails on a file that is no picture, naming no pixels', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'images-'));
    const file = path.join(folder, 'note.jpg');
    await writeFile(file, 'not a picture');
    await expect(decodeImage(file, small)).rejects.toThrow(/unsupported image format/i);
  });

  it('fails on a picture that is cut short', async () => {
    const whole = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#336699' } })
      .jpeg()
      .toBuffer();
    await expect(decodeImage(whole.subarray(0, whole.length - 40), small)).rejects.toThrow(
      /Premature end|corrupt|VipsJpeg/i,
    );
  });
});

describe('mapping in order', () => {
  it('yields results in the order of the items, whatever finishes first', async () => {
    const waits = [30, 1, 20, 1];
    const seen: number[] = [];
    for await (const wait of mapInOrder(
      waits,
      (ms) => new Promise<number>((resolve) => setTimeout(() => resolve(ms), ms)),
      3,
    ))
      seen.push(wait);
    expect(seen).toEqual(waits);
  });

  it('never has more than the limit under way', async () => {
    let now = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    const items = Array.from({ length: 20 }, (_, index) => index);
    for await (const _ of mapInOrder(items, work, 4));
    expect(most).toBe(4);
  });

  it('throws the failure of an item when its turn comes', async () => {
    const seen: number[] = [];
    const consume = async (): Promise<void> => {
      const work = (item: number): Promise<number> =>
        item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item);
      for await (const item of mapInOrder([0, 1, 2, 3], work, 4)) seen.push(item);
    };
    await expect(consume()).rejects.toThrow('two');
    expect(seen).toEqual([0, 1]);
  });
});

describe('a preprocessing', () => {
  it('survives its JSON text', () => {
    expect(parsePreprocessing(JSON.stringify(defaultPreprocessing))).toEqual(defaultPreprocessing);
  });

  it('is refused where a field has no meaning', () => {
    expect(() => parsePreprocessing('{"width":224}')).toThrow(TypeError);
    const strange = { ...defaultPreprocessing, fit: 'squeeze' };
    expect(() => parsePreprocessing(JSON.stringify(strange))).toThrow(/squeeze/);
  });
});
