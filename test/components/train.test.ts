import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifact, TaskError, type Dataset, type Model } from 'ferrule';
import { floatOutput, openSession, readModel, sizeOf } from 'ferrule/onnx';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../../components/images/decode.ts';
import { parsePreprocessing } from '../../components/images/preprocessing.ts';
import { features } from '../../components/features/component.ts';
import { train } from '../../components/train/component.ts';
import { readTensors } from '../../components/train/safetensors.ts';
import { readReportLine } from '../../spec/report-line.ts';
import { oraclePython } from '../counterparts.ts';
import { runOracle } from '../onnx/oracle.ts';
import { smallSize, writeSmallNetwork } from './small-network.ts';
import { writePictures } from './small-pictures.ts';

type Inputs = Parameters<typeof train.run>[0];

let folder = '';
let common: Pick<Inputs, 'train' | 'validation' | 'backbone' | 'epochs'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-'));
  common = {
    train: artifact<Dataset>(await writePictures(join(folder, 'train'), 6)),
    validation: artifact<Dataset>(await writePictures(join(folder, 'validation'), 3)),
    backbone: await writeSmallNetwork(join(folder, 'small.onnx')),
    epochs: 3,
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const classifierOf = (result: Awaited<ReturnType<typeof train.run>>): Promise<Buffer> =>
  readFile(join(result.artifacts.model.path, 'classifier.onnx'));
const checkpointOf = (result: Awaited<ReturnType<typeof train.run>>): Promise<Buffer> =>
  readFile(join(result.artifacts.checkpoint.path, 'checkpoint.safetensors'));
const historyOf = async (
  result: Awaited<ReturnType<typeof train.run>>,
): Promise<readonly { readonly loss: number }[]> =>
  JSON.parse(readTensors(await checkpointOf(result)).metadata['history'] ?? '') as readonly {
    readonly loss: number;
  }[];

/** Asks a classifier about pictures, as any user of the file would. */
async function ask(file: Uint8Array, paths: readonly string[]): Promise<Float32Array[]> {
  const { metadata } = readModel(file);
  const preprocessing = parsePreprocessing(metadata['preprocessing'] ?? '');
  const { width, height } = preprocessing;
  const data = new Uint8Array(paths.length * width * height * 3);
  for (const [index, path] of paths.entries())
    data.set((await decodeImage(path, preprocessing)).data, index * width * height * 3);
  const session = await openSession(file);
  const pixels = { dims: [paths.length, height, width, 3], data };
  const outputs = await session.run({ pixels });
  await session.close();
  const probabilities = floatOutput(outputs, 'probabilities');
  const classes = probabilities.length / paths.length;
  return paths.map((_, row) => probabilities.slice(row * classes, (row + 1) * classes));
}

const check = 'import onnx,sys; onnx.checker.check_model(sys.argv[1], full_check=True); print("fine")';

describe('training', () => {
  it('learns to tell colours apart, and writes one file from pixels to probabilities', async () => {
    const result = await train.run({ ...common, epochs: 30, batchSize: 6, learningRate: 0.03 });
    expect(result.returned.validationAccuracy).toBe(1);
    expect(result.returned.provider).toBe('cpu');
    const file = await classifierOf(result);
    const { metadata, graph } = readModel(file);
    expect(JSON.parse(metadata['labels'] ?? '')).toEqual(['blue', 'green', 'red']);
    expect(parsePreprocessing(metadata['preprocessing'] ?? '')).toMatchObject({ width: smallSize });
    expect(metadata['backboneDigest']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(graph.inputs).toMatchObject([{ name: 'pixels', dims: ['N', smallSize, smallSize, 3] }]);
    expect(graph.outputs).toMatchObject([{ name: 'probabilities', dims: ['N', 3] }]);
    const own = ['blue', 'green', 'red'].map((name) => join(folder, 'validation', name, `${name}-0.png`));
    const answers = await ask(file, own);
    expect(answers.map((row) => row.indexOf(Math.max(...row)))).toEqual([0, 1, 2]);
  });

  it('says how far it is, and at the end what it came to', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { returned } = await train.run(common);
    const lines = said.mock.calls.map(([line]) => String(line));
    said.mockRestore();
    const of = (set: string): string[] => lines.filter((line) => line.startsWith(`features of ${set}`));
    expect(of('train').at(-1)).toBe('features of train: 18 of 18 photographs');
    expect(of('train').length).toBeLessThanOrEqual(5);
    expect(of('validation').at(-1)).toBe('features of validation: 9 of 9 photographs');
    const share = (returned.validationAccuracy * 100).toFixed(1);
    expect(lines.at(-1)).toBe(
      `best epoch ${returned.bestEpoch} of 3: ${share} % of the validation photographs right`,
    );
  });

  it('exports what it trained: the file gives the validation loss of the best epoch', async () => {
    const result = await train.run({ ...common, fineTuneBlocks: 2, hiddenUnits: 4 });
    const { validationLoss } = result.artifacts.metrics.metadata;
    const cases = ['blue', 'green', 'red'].flatMap((name, label) =>
      [0, 1, 2].map((index) => ({ label, path: join(folder, 'validation', name, `${name}-${index}.png`) })),
    );
    const answers = await ask(
      await classifierOf(result),
      cases.map(({ path }) => path),
    );
    const losses = cases.map(({ label }, row) => -Math.log(answers[row]?.[label] ?? 0));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(Math.abs(mean - Number(validationLoss))).toBeLessThan(1e-4);
  });

  it('gives the same bytes twice, and others with another seed', async () => {
    const settings = { ...common, fineTuneBlocks: 1, dropout: 0.3, hiddenUnits: 5 };
    const [one, two, other] = [
      await train.run(settings),
      await train.run(settings),
      await train.run({ ...settings, seed: 7 }),
    ];
    expect(await classifierOf(two)).toEqual(await classifierOf(one));
    expect(await checkpointOf(two)).toEqual(await checkpointOf(one));
    expect(await readFile(two.artifacts.curves.path)).toEqual(await readFile(one.artifacts.curves.path));
    expect(two.artifacts.metrics.metadata).toEqual(one.artifacts.metrics.metadata);
    expect(await checkpointOf(other)).not.toEqual(await checkpointOf(one));
  });

  it('goes on from a checkpoint to the bytes of an uninterrupted training', async () => {
    const settings = { ...common, fineTuneBlocks: 1, epochs: 5, scheduleEpochs: 5, weightDecay: 0.01 };
    const whole = await train.run(settings);
    const half = await train.run({ ...settings, epochs: 2 });
    const checkpoint = artifact<Model>(half.artifacts.checkpoint.path);
    const rest = await train.run({ ...settings, checkpoint });
    expect(await classifierOf(rest)).toEqual(await classifierOf(whole));
    expect(await checkpointOf(rest)).toEqual(await checkpointOf(whole));
  });

  it('gives the same bytes with features that were made before, and reports its epochs', async () => {
    const settings = { ...common, fineTuneBlocks: 1, hiddenUnits: 5 };
    const { epochs: _, hiddenUnits: _1, ...shared } = settings;
    const made = await features.run(shared);
    const kept = artifact<Model>(made.artifacts.features.path);
    const printed = vi.spyOn(console, 'log').mockReturnValue();
    const given = await train.run({ ...settings, features: kept });
    const alone = await train.run(settings);
    const lines = printed.mock.calls.map(([line]) => String(line));
    printed.mockRestore();
    expect(await classifierOf(given)).toEqual(await classifierOf(alone));
    expect(await checkpointOf(given)).toEqual(await checkpointOf(alone));
    const reports = lines.flatMap((line) => readReportLine(line) ?? []);
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(Object.keys(reports[0]?.values ?? {})).toContain('validationLoss');
    await expect(train.run({ ...settings, seed: 7, features: kept })).rejects.toThrow(
      'features are for seed 42',
    );
  });

  it('refuses the checkpoint of another classifier', async () => {
    const first = await train.run(common);
    const checkpoint = artifact<Model>(first.artifacts.checkpoint.path);
    await expect(train.run({ ...common, hiddenUnits: 4, checkpoint })).rejects.toThrow(/another training/);
  });

  it('stops when patience is at an end, and keeps the best epoch', async () => {
    const result = await train.run({
      ...common,
      epochs: 60,
      learningRate: 1.5,
      schedule: 'constant',
      patience: 2,
    });
    const { epochs } = result.artifacts.metrics.metadata;
    expect(Number(epochs)).toBeLessThan(60);
    expect(Number(epochs) - result.returned.bestEpoch).toBe(2);
  });

  it('lowers the loss further when blocks of the backbone are trained too', async () => {
    const settings = { ...common, epochs: 8, augment: false, dropout: 0, labelSmoothing: 0 };
    const lastLoss = async (fineTuneBlocks: number): Promise<number> =>
      (await historyOf(await train.run({ ...settings, fineTuneBlocks, learningRate: 0.03 }))).at(-1)?.loss ??
      0;
    const [headAlone, withBlocks, all] = [await lastLoss(0), await lastLoss(1), await lastLoss(3)];
    expect(withBlocks).toBeLessThan(headAlone);
    expect(all).toBeLessThan(headAlone);
  });

  it('weighs rare classes when asked to', async () => {
    const uneven = join(folder, 'uneven');
    await writePictures(uneven, 8, ['blue', 'green']);
    await writePictures(uneven, 1, ['red']);
    const settings = { ...common, train: artifact<Dataset>(uneven), augment: false };
    const plain = await train.run(settings);
    const balanced = await train.run({ ...settings, classWeights: 'balanced' });
    expect(await checkpointOf(balanced)).not.toEqual(await checkpointOf(plain));
  });

  it('trains on the built-in backbone', async () => {
    const { backbone: _, ...builtin } = common;
    const result = await train.run({ ...builtin, augment: false, fineTuneBlocks: 1 });
    const file = join(result.artifacts.model.path, 'classifier.onnx');
    const { metadata, graph } = readModel(await readFile(file));
    expect(metadata['backbone']).toBe('builtin:efficientnet-lite0');
    expect(sizeOf(graph.constants.find(({ name }) => name === 'head/output/weight')?.dims ?? [])).toBe(3840);
    const [first, , last] = await historyOf(result);
    expect(last?.loss ?? 9).toBeLessThan(first?.loss ?? 0);
    // Where a Python with onnx is at hand, its checker judges the whole file.
    expect(oraclePython === undefined || runOracle(check, file).trim() === 'fine').toBe(true);
  });
});

describe('training refuses', () => {
  it('one class alone, naming it', async () => {
    const one = artifact<Dataset>(await writePictures(join(folder, 'one'), 2, ['blue']));
    await expect(train.run({ ...common, train: one, validation: one })).rejects.toThrow(
      /one class alone, "blue"/,
    );
  });

  it('an empty dataset, and one that is not there', async () => {
    const empty = join(folder, 'empty');
    await mkdir(join(empty, 'blue'), { recursive: true });
    await expect(train.run({ ...common, train: artifact(empty) })).rejects.toThrow(
      /"empty" holds no photographs/,
    );
    const absent = artifact<Dataset>(join(folder, 'absent'));
    await expect(train.run({ ...common, train: absent })).rejects.toThrow(/cannot be read/);
  });

  it('a class without photographs to train on', async () => {
    const two = artifact<Dataset>(await writePictures(join(folder, 'two'), 2, ['blue', 'green']));
    await expect(train.run({ ...common, train: two })).rejects.toThrow(/class "red" has no photographs/);
  });

  it('a file that is no picture, naming it', async () => {
    const spoilt = await writePictures(join(folder, 'spoilt'), 2);
    await writeFile(join(spoilt, 'red', 'broken.png'), 'no picture');
    await expect(train.run({ ...common, train: artifact(spoilt) })).rejects.toThrow(
      /broken\.png cannot be decoded/,
    );
  });

  it('a backbone that is none', async () => {
    const text = join(folder, 'text.onnx');
    await writeFile(text, 'this is no network');
    await expect(train.run({ ...common, backbone: text })).rejects.toThrow(/not an ONNX model/);
    const absent = join(folder, 'absent.onnx');
    await expect(train.run({ ...common, backbone: absent })).rejects.toBeInstanceOf(TaskError);
    await expect(train.run({ ...common, backbone: 'builtin:nothing' })).rejects.toThrow(/no backbone/);
  });

  it('more blocks than the backbone has, and settings out of range', async () => {
    await expect(train.run({ ...common, fineTuneBlocks: 9 })).rejects.toThrow(/has \d blocks/);
    await expect(train.run({ ...common, dropout: 1 })).rejects.toThrow(/dropout is 1/);
    await expect(train.run({ ...common, epochs: 0 })).rejects.toThrow(/epochs is 0/);
  });
});
