import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataPrep } from '../../components/data_prep/component.ts';
import { startFakeGcs } from '../locations/fake-bucket.ts';
import { contentsOf, picture, put, putClass } from './photographs.ts';
import { fakeGcs } from '../counterparts.ts';

const blue = { r: 60, g: 90, b: 210 };
const white = { r: 235, g: 235, b: 240 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferrule-photographs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

type Ran = Awaited<ReturnType<typeof dataPrep.run>>;

async function partsOf({ artifacts }: Ran): Promise<Record<string, string[]>> {
  const names: Record<string, string[]> = {};
  for (const part of ['train', 'validation', 'test'] as const)
    names[part] = Object.keys(await contentsOf(artifacts[part].path));
  return names;
}

describe('data_prep', () => {
  it('splits each class into three folders, and says how many', async () => {
    await putClass(folder, 'rain', 20, blue);
    await putClass(folder, 'snow', 10, white);
    const run = await dataPrep.run({ bucket: folder, validationShare: 0.2, testShare: 0.1 });
    const { artifacts, returned } = run;
    expect(returned).toEqual({ images: 30, classes: ['rain', 'snow'], leftOut: 0 });
    expect(artifacts.train.metadata).toEqual({
      classes: ['rain', 'snow'],
      images: 21,
      perClass: { rain: 14, snow: 7 },
    });
    expect(artifacts.validation.metadata['perClass']).toEqual({ rain: 4, snow: 2 });
    expect(artifacts.test.metadata['perClass']).toEqual({ rain: 2, snow: 1 });
    expect(artifacts.metrics.metadata).toEqual({ train: 21, validation: 6, test: 3, classes: 2, leftOut: 0 });
    const parts = await partsOf(run);
    expect(Object.values(parts).flat().length).toBe(30);
    expect(new Set(Object.values(parts).flat()).size).toBe(30);
  });

  it('keeps the bytes of every photograph, also of nested, oddly named and misnamed ones', async () => {
    const files: Record<string, Buffer> = {
      'früh frost/deep/er/A B.JPG': await picture(white, 1, 'jpeg'),
      'früh frost/霜.webp': await picture(white, 2, 'webp'),
      'früh frost/really-a-png.jpg': await picture(white, 3, 'png'),
      'früh frost/one/same.png': await picture(white, 4),
      'früh frost/two/same.png': await picture(white, 5),
    };
    for (const [path, content] of Object.entries(files)) await put(folder, path, content);
    await putClass(folder, 'rain', 3, blue);
    const { artifacts } = await dataPrep.run({ bucket: folder });
    const contents = Object.assign(
      {},
      ...(await Promise.all(
        [artifacts.train, artifacts.validation, artifacts.test].map((part) => contentsOf(part.path)),
      )),
    ) as Record<string, string>;
    const frost = Object.entries(contents).filter(([path]) => path.startsWith('früh frost/'));
    expect(frost.map(([, content]) => content).sort()).toEqual(
      Object.values(files)
        .map((content) => content.toString('base64'))
        .sort(),
    );
    expect(Object.keys(contents)).toContain('früh frost/A B.JPG');
  });

  it('does not change with the place of the folder or the order in which files were made, and gives equal bytes', async () => {
    await putClass(folder, 'rain', 8, blue);
    await putClass(folder, 'snow', 8, white);
    const again = join(folder, 'elsewhere', 'photographs');
    for (const name of ['snow', 'rain'])
      for (const index of [5, 2, 7, 0, 1, 3, 6, 4])
        await cp(join(folder, name, `${index}.png`), join(again, name, `${index}.png`));
    const first = await dataPrep.run({ bucket: again });
    await rm(again, { recursive: true });
    const second = await dataPrep.run({ bucket: folder });
    for (const part of ['train', 'validation', 'test'] as const)
      expect(await contentsOf(second.artifacts[part].path)).toEqual(
        await contentsOf(first.artifacts[part].path),
      );
    const third = await dataPrep.run({ bucket: folder });
    expect(await readFile(third.artifacts.report.path)).toEqual(await readFile(second.artifacts.report.path));
  });

  it('leaves the split of a class alone when another class grows, and moves photographs with the seed', async () => {
    await putClass(folder, 'rain', 12, blue);
    await putClass(folder, 'snow', 12, white);
    const rainOf = async (ran: Ran): Promise<string[][]> =>
      Object.values(await partsOf(ran)).map((paths) => paths.filter((path) => path.startsWith('rain/')));
    const before = await rainOf(await dataPrep.run({ bucket: folder }));
    await put(folder, 'snow/new.png', await picture(white, 99));
    expect(await rainOf(await dataPrep.run({ bucket: folder }))).toEqual(before);
    expect(await rainOf(await dataPrep.run({ bucket: folder, seed: 7 }))).not.toEqual(before);
  });

  it('leaves out what cannot be used, and says why', async () => {
    await putClass(folder, 'rain', 5, blue);
    await putClass(folder, 'snow', 5, white);
    const whole = await picture(white, 50, 'jpeg');
    await put(folder, 'snow/cut.jpg', whole.subarray(0, whole.length - 60));
    await put(folder, 'snow/notes.jpg', 'not a picture');
    await put(folder, 'snow/empty.png', '');
    await put(folder, 'snow/drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await put(folder, 'snow/.hidden.png', await picture(white, 51));
    await put(folder, 'snow/copy-of-0.png', await picture(white, 0));
    await put(folder, 'rain/both.png', await picture(white, 60));
    await put(folder, 'snow/both.png', await picture(white, 60));
    await put(folder, 'README.md', 'about these');
    const { artifacts, returned } = await dataPrep.run({ bucket: folder });
    expect(returned).toEqual({ images: 10, classes: ['rain', 'snow'], leftOut: 9 });
    const report = await readFile(artifacts.report.path, 'utf8');
    for (const row of [
      ['snow/cut.jpg', 'cannot be decoded'],
      ['snow/notes.jpg', 'is not a picture'],
      ['snow/empty.png', 'is empty'],
      ['snow/drawing.svg', 'is not a photograph but svg'],
      ['snow/.hidden.png', 'is a hidden file'],
      ['snow/copy-of-0.png', 'has the same bytes as snow/0.png'],
      ['rain/both.png', 'lies in several classes: rain, snow'],
      ['snow/both.png', 'lies in several classes: rain, snow'],
      ['README.md', 'lies in no class folder'],
    ])
      expect(report).toContain(`<tr><td>${row[0]}</td><td>${row[1]}`);
    expect(report).toContain('rain/both.png, snow/both.png');
  });

  it.each(['jpeg', 'png', 'webp'] as const)(
    'notices that a large %s lacks its last bytes',
    async (format) => {
      await putClass(folder, 'rain', 3, blue);
      await putClass(folder, 'snow', 3, white);
      const pixels = Uint8Array.from({ length: 640 * 480 * 3 }, (_, index) => (index * 2654435761) >>> 24);
      const whole = await sharp(pixels, { raw: { width: 640, height: 480, channels: 3 } })
        .toFormat(format)
        .toBuffer();
      await put(folder, 'snow/whole', whole);
      await put(folder, 'snow/cut', whole.subarray(0, whole.length - 20));
      const { artifacts, returned } = await dataPrep.run({ bucket: folder });
      expect(returned).toMatchObject({ images: 7, leftOut: 1 });
      expect(await readFile(artifacts.report.path, 'utf8')).toContain('<td>snow/cut</td>');
    },
  );

  it.each([
    ['a class with too few photographs', { rain: 5, hail: 2 }, /class "hail" has 2; each class needs 3/],
    ['one class only', { rain: 5 }, /one class only, "rain"/],
  ])('%s is an error that names it', async (_, classes, message) => {
    for (const [name, count] of Object.entries(classes))
      await putClass(folder, name, count, name === 'rain' ? blue : white);
    await expect(dataPrep.run({ bucket: folder })).rejects.toMatchObject({
      name: 'TaskError',
      message: expect.stringMatching(message) as string,
      fix: expect.any(String) as string,
    });
  });

  it('a folder without photographs, an empty or a missing one are errors that name it', async () => {
    const refused = async (bucket: string, word: string): Promise<void> =>
      expect(dataPrep.run({ bucket })).rejects.toMatchObject({
        name: 'TaskError',
        message: expect.stringContaining(word) as string,
        fix: expect.any(String) as string,
      });
    await refused(join(folder, 'missing'), join(folder, 'missing'));
    await mkdir(join(folder, 'empty'));
    await refused(join(folder, 'empty'), join(folder, 'empty'));
    await put(folder, 'texts/a/1.txt', 'text');
    await refused(join(folder, 'texts'), 'no class has a readable photograph');
    await refused('sample:sunsets', 'sample:sunsets');
  });

  it.each([
    { validationShare: 0 },
    { testShare: -0.1 },
    { validationShare: 0.6, testShare: 0.4 },
    { minimumPerClass: 2 },
    { testShare: Number.NaN },
  ])('%j is refused', async (wrong) => {
    await putClass(folder, 'rain', 4, blue);
    await putClass(folder, 'snow', 4, white);
    await expect(dataPrep.run({ bucket: folder, ...wrong })).rejects.toMatchObject({ name: 'TaskError' });
  });

  it('gives a copy that outlives a change of the original', async () => {
    await putClass(folder, 'rain', 3, blue);
    await putClass(folder, 'snow', 3, white);
    const { artifacts } = await dataPrep.run({ bucket: folder });
    const before = await contentsOf(artifacts.train.path);
    for (const name of ['rain', 'snow'])
      for (const index of [0, 1, 2]) await writeFile(join(folder, name, `${index}.png`), 'overwritten');
    expect(await contentsOf(artifacts.train.path)).toEqual(before);
  });
});

if (fakeGcs === undefined) console.info('data_prep from a bucket: skipped, fake-gcs-server not found');

describe.skipIf(fakeGcs === undefined)('data_prep from a bucket', () => {
  it('gives what the same files in a folder give', async () => {
    await putClass(folder, 'set/rain', 6, blue);
    await putClass(folder, 'set/früh snow', 6, white);
    const server = await startFakeGcs(fakeGcs ?? '');
    const before = process.env['STORAGE_EMULATOR_HOST'];
    process.env['STORAGE_EMULATOR_HOST'] = server.endpoint;
    try {
      await server.makeBucket('photographs');
      for (const [path, content] of Object.entries(await contentsOf(folder)))
        await server.put('photographs', path, Buffer.from(content, 'base64'));
      const fromBucket = await dataPrep.run({ bucket: 'gs://photographs/set' });
      const fromFolder = await dataPrep.run({ bucket: join(folder, 'set') });
      expect(fromBucket.returned).toEqual(fromFolder.returned);
      for (const part of ['train', 'validation', 'test'] as const)
        expect(await contentsOf(fromBucket.artifacts[part].path)).toEqual(
          await contentsOf(fromFolder.artifacts[part].path),
        );
    } finally {
      if (before === undefined) delete process.env['STORAGE_EMULATOR_HOST'];
      else process.env['STORAGE_EMULATOR_HOST'] = before;
      server.stop();
    }
  });
});
