import { fork } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { storeError } from '../../stores/failure.ts';
import { diskObjects } from '../../stores/objects/disk-objects.ts';
import { openRoot } from '../../stores/root.ts';
import { memoryObjects } from '../engine/memory.ts';
import { objectStoreContract } from './object-contract.ts';
import { temporaryFolder } from './root-folder.ts';
import { noSmallDisk, readOnlyDisk, smallDisk } from './small-disk.ts';

objectStoreContract('a folder', async () => diskObjects(await temporaryFolder()));
// What the engine's own tests stand on must keep the same promises.
objectStoreContract('memory', async () => memoryObjects());

describe('objects in a folder', () => {
  it('has one winner an object where two processes create the same ones', async () => {
    const folder = await temporaryFolder();
    const program = join(folder, 'race.mjs');
    await build({
      stdin: {
        contents: `import { diskObjects } from '../../stores/objects/disk-objects.ts';
          const objects = diskObjects(process.argv[2]);
          const won = [];
          process.on('message', async () => {
            for (let i = 0; i < 200; i++) if (await objects.create('race/' + i, process.pid + '') === 'created') won.push(i);
            process.send(won, () => process.exit());
          });
          process.send('ready');`,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'silent',
    });
    const racers = [fork(program, [folder]), fork(program, [folder])];
    const messages = racers.map((racer) => new Promise((resolve) => racer.once('message', resolve)));
    await Promise.all(messages);
    const results = racers.map(
      (racer) => new Promise<number[]>((resolve) => racer.once('message', (won) => resolve(won as number[]))),
    );
    for (const racer of racers) racer.send('go');
    const [a = [], b = []] = await Promise.all(results);
    expect([...a, ...b].sort((x, y) => x - y)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('leaves nothing beside an object but the object', async () => {
    const folder = await temporaryFolder();
    const objects = diskObjects(folder);
    await Promise.all(['1', '2', '3'].map((text) => objects.create('a/b', text)));
    const version = (await objects.read('a/b'))?.version ?? '';
    await Promise.all(['4', '5'].map((text) => objects.replace('a/b', version, text)));
    expect(await readdir(join(folder, 'a'))).toEqual(['b']);
  });

  it('breaks the claim of a process that died while it replaced', async () => {
    const folder = await temporaryFolder();
    const objects = diskObjects(folder);
    await objects.create('x', 'old');
    const claim = join(folder, '.aside-claim-x');
    await writeFile(claim, '');
    expect(await objects.replace('x', 'old', 'new')).toBe('changed');
    const long = new Date(Date.now() - 60_000);
    await utimes(claim, long, long);
    expect(await objects.replace('x', 'old', 'new')).toBe('replaced');
  });

  it.each(['../out', '/etc/passwd', 'a/../../b', 'a//b', '.hidden', 'a\0b', ''])(
    'refuses the key %j, which would lead elsewhere',
    async (key) => {
      const objects = diskObjects(await temporaryFolder());
      await expect(objects.create(key, 'x')).rejects.toMatchObject({ code: 'FER5008' });
      await expect(objects.read(key)).rejects.toMatchObject({ code: 'FER5008' });
    },
  );

  it.skipIf(noSmallDisk)('says what to do where the disk is full, and keeps what was there', async () => {
    const folder = await temporaryFolder();
    const disk = smallDisk(folder, 1);
    try {
      const objects = diskObjects(folder);
      await objects.create('kept', 'here');
      disk.fill();
      const error: unknown = await objects.create('big', 'x'.repeat(9999)).catch((thrown: unknown) => thrown);
      disk.free();
      expect(error).toMatchObject({ code: 'FER5003' });
      expect((await objects.read('kept'))?.content).toBe('here');
      expect(await objects.read('big')).toBeUndefined();
      expect(await readdir(folder)).toEqual(['kept']);
    } finally {
      disk.remove();
    }
  });

  it.skipIf(noSmallDisk)('says that it may not write to a file system that is read only', async () => {
    const disk = readOnlyDisk(await temporaryFolder());
    try {
      const wrong = { code: 'FER5004', problem: expect.stringMatching(/EROFS|EACCES/) };
      await expect(diskObjects(disk.folder).create('a/b', '')).rejects.toMatchObject(wrong);
      await expect(openRoot(join(disk.folder, 'far', 'below'))).rejects.toMatchObject(wrong);
    } finally {
      disk.remove();
    }
  });

  it.each([
    ['EACCES', 'FER5004', undefined],
    ['EROFS', 'FER5004', undefined],
    ['ENOSPC', 'FER5003', true],
    ['EFBIG', 'FER5003', false],
    ['EIO', 'FER5001', true],
  ])('calls %s by the code %s', (errno, code, retryable) => {
    const error = Object.assign(new Error(`${errno}: it failed`), { code: errno });
    const named = storeError(error, 'writing x');
    expect(named).toMatchObject({ code });
    expect('retryable' in named ? named.retryable : undefined).toBe(retryable);
  });
});
