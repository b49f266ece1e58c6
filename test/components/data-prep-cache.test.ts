import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeGcs, type FakeGcs } from '../locations/fake-bucket.ts';
import { picture, put, putClass } from './photographs.ts';
import { fakeGcs } from '../counterparts.ts';

const project = join(import.meta.dirname, '..', '..');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferrule-prep-cache-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the flagship's data_prep by the command line, and tells what the cache did. */
async function cacheOf(bucket: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    // prettier-ignore
    ['bin/ferrule.mjs', 'run', 'pipeline.ts', '--param', `data_bucket=${bucket}`, '--root', join(folder, 'root'),
      '--only', 'data-prep', '--json'],
    { cwd: project, env: { ...process.env, ...env } },
  );
  const { tasks } = JSON.parse(stdout) as { tasks: { name: string; cache: string }[] };
  return tasks.find((task) => task.name === 'data-prep')?.cache ?? 'absent';
}

describe('the cache of data_prep', () => {
  it('is hit while a folder holds the same, and missed once a photograph changed', async () => {
    const photographs = join(folder, 'photographs');
    await putClass(photographs, 'rain', 3, { r: 60, g: 90, b: 210 });
    await putClass(photographs, 'snow', 3, { r: 235, g: 235, b: 240 });
    expect(await cacheOf(photographs)).toBe('miss');
    expect(await cacheOf(photographs)).toBe('hit');
    await put(photographs, 'snow/1.png', await picture({ r: 230, g: 235, b: 240 }, 9));
    expect(await cacheOf(photographs)).toBe('miss');
  });
});

if (fakeGcs === undefined) console.info('the cache over a bucket: skipped, fake-gcs-server not found');

describe.skipIf(fakeGcs === undefined)('the cache of data_prep over a bucket', () => {
  let server: FakeGcs;

  beforeEach(async () => {
    server = await startFakeGcs(fakeGcs ?? '');
  });
  afterEach(() => {
    server.stop();
  });

  it('is hit while the objects are the same, and missed once one changed', async () => {
    const env = { STORAGE_EMULATOR_HOST: server.endpoint };
    await server.makeBucket('weather_imgs');
    for (const [name, color] of [
      ['rain', { r: 60, g: 90, b: 210 }],
      ['snow', { r: 235, g: 235, b: 240 }],
    ] as const)
      for (let index = 0; index < 3; index++)
        await server.put('weather_imgs', `${name}/${index}.png`, await picture(color, index));
    expect(await cacheOf('weather_imgs', env)).toBe('miss');
    const same = await picture({ r: 60, g: 90, b: 210 }, 0);
    await server.put('weather_imgs', 'rain/0.png', same);
    expect(await cacheOf('weather_imgs', env)).toBe('hit');
    await server.put('weather_imgs', 'rain/0.png', await picture({ r: 70, g: 90, b: 210 }, 0));
    expect(await cacheOf('weather_imgs', env)).toBe('miss');
  });
});
