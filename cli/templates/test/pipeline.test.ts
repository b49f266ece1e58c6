import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { dataPrep } from '../components/data_prep/component.ts';

const folder = mkdtempSync(join(tmpdir(), 'photographs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Draws a few plain pictures of one class. */
async function draw(name: string, red: number): Promise<void> {
  mkdirSync(join(folder, name));
  for (let index = 0; index < 8; index += 1)
    await sharp({
      create: { width: 32, height: 32, channels: 3, background: { r: red, g: index * 20, b: 60 } },
    })
      .png()
      .toFile(join(folder, name, `${index}.png`));
}

it('splits every class into training, validation and test pictures', async () => {
  await draw('bright', 250);
  await draw('dark', 10);
  const { artifacts, remove } = await dataPrep.run({ bucket: folder });
  for (const part of [artifacts.train, artifacts.validation, artifacts.test])
    expect(readdirSync(part.path).sort()).toEqual(['bright', 'dark']);
  await remove();
});

it('compiles to a spec with the three components', { timeout: 60_000 }, () => {
  const yaml = execFileSync('npx', ['ferrule', 'compile', 'pipeline.ts', '-o', '-'], { encoding: 'utf8' });
  for (const name of ['exec-data-prep', 'exec-train', 'exec-evaluate']) expect(yaml).toContain(name);
});
