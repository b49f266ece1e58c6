import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takePicture } from '../../components/data_prep/sample/camera.ts';
import { blankCanvas } from '../../components/data_prep/sample/canvas.ts';
import { randomOf } from '../../components/data_prep/sample/random.ts';
import { renderSample } from '../../components/data_prep/sample/render.ts';
import { weather } from '../../components/data_prep/sample/weather.ts';
import { contentsOf } from './photographs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferrule-sample-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the sample', () => {
  it('has eleven classes, and gives the same bytes each time', async () => {
    await renderSample(join(folder, 'first'), { perClass: 2 });
    await renderSample(join(folder, 'second'), { perClass: 2 });
    const first = await contentsOf(join(folder, 'first'));
    expect(new Set(Object.keys(first).map((path) => path.split('/')[0])).size).toBe(11);
    expect(Object.keys(first)).toHaveLength(22);
    expect(new Set(Object.values(first)).size).toBe(22);
    expect(await contentsOf(join(folder, 'second'))).toEqual(first);
  });

  it('is made of pictures of 192 pixels a side that are neither black nor flat', async () => {
    await renderSample(folder, { perClass: 1 });
    for (const className of Object.keys(weather)) {
      const file = await readFile(join(folder, className, `${className}-01.jpg`));
      const { width, height, format } = await sharp(file).metadata();
      expect([width, height, format]).toEqual([192, 192, 'jpeg']);
      const { channels } = await sharp(file).stats();
      for (const { mean, stdev } of channels) {
        expect(mean).toBeGreaterThan(5);
        expect(stdev).toBeGreaterThan(5);
      }
    }
  });

  it('paints every pixel of every class, whatever was drawn', () => {
    for (const [className, painter] of Object.entries(weather))
      for (let index = 0; index < 6; index++) {
        const canvas = blankCanvas(48);
        canvas.rgb.fill(-1000);
        painter(canvas, randomOf(`test/${className}/${index}`));
        expect(
          canvas.rgb.some((value) => value < -0.5),
          `${className} ${index}`,
        ).toBe(false);
      }
  });

  it('follows from its name: another name is another picture', () => {
    const digest = (name: string): string => {
      const canvas = blankCanvas(48);
      const random = randomOf(name);
      weather['rain']?.(canvas, random);
      return createHash('sha256').update(takePicture(canvas, random)).digest('hex');
    };
    expect(digest('a')).toBe(digest('a'));
    expect(digest('a')).not.toBe(digest('b'));
  });
});
