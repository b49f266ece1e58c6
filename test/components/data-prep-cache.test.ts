import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBucket } from '../../stores/buckets/open-bucket.ts';
import { parseBucketUri } from '../../stores/root-address.ts';
import { picture, put, putClass } from './photographs.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';
import { startGcs, startS3 } from '../stores/servers.ts';

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

describe.each([
  { name: 'GCS', program: fakeGcs, start: startGcs },
  { name: 'S3', program: versitygw, start: startS3 },
])('the cache of data_prep over a bucket of $name', ({ program, start }) => {
  it.skipIf(program === undefined)(
    'is hit while the objects are the same, and missed once one changed',
    async () => {
      const server = await start(program ?? '');
      const uri = await server.freshBucket();
      const env = Object.fromEntries(Object.entries(server.env).map(([key, value]) => [key, value ?? '']));
      const keep = async (name: string, color: Color, index: number): Promise<void> => {
        const file = join(folder, 'one.png');
        await writeFile(file, await picture(color, index));
        const address = parseBucketUri(uri);
        if (address === undefined) throw new Error(uri);
        const bucket = await openBucket(address, server.env);
        await bucket.upload(file, name, (await stat(file)).size);
      };
      for (const [name, color] of [
        ['rain', { r: 60, g: 90, b: 210 }],
        ['snow', { r: 235, g: 235, b: 240 }],
      ] as const)
        for (let index = 0; index < 3; index++) await keep(`${name}/${index}.png`, color, index);
      expect(await cacheOf(uri, env)).toBe('miss');
      await keep('rain/0.png', { r: 60, g: 90, b: 210 }, 0);
      expect(await cacheOf(uri, env)).toBe('hit');
      await keep('rain/0.png', { r: 70, g: 90, b: 210 }, 0);
      expect(await cacheOf(uri, env)).toBe('miss');
      await server.stop();
    },
  );
});

type Color = Parameters<typeof picture>[0];
