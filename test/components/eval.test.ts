import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifact, type Dataset, type Model } from 'ferrule';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../components/eval/component.ts';
import { putColourClassifier, type ColourClassifier } from './colour-classifier.ts';
import { picture, put, putClass } from './photographs.ts';

const red = { r: 220, g: 40, b: 40 };
const green = { r: 40, g: 210, b: 40 };
const blue = { r: 40, g: 40, b: 220 };

const colours: ColourClassifier = {
  labels: ['red', 'green', 'blue'],
  weights: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferrule-eval-'));
  await putClass(join(folder, 'test'), 'red', 4, red);
  await putClass(join(folder, 'test'), 'green', 3, green);
  await putClass(join(folder, 'test'), 'blue', 2, blue);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function run(mistakes?: number): ReturnType<typeof evaluate.run> {
  return evaluate.run({
    model: artifact<Model>(join(folder, 'model')),
    test: artifact<Dataset>(join(folder, 'test')),
    ...(mistakes !== undefined && { mistakes }),
  });
}

describe('eval', () => {
  it('gives a perfect classifier perfect figures', async () => {
    await putColourClassifier(join(folder, 'model'), colours);
    const { artifacts, returned } = await run();
    expect(returned).toEqual({ accuracy: 1, precision: 1, recall: 1, f1: 1, macroF1: 1, auc: 1 });
    expect(artifacts.metrics.metadata).toMatchObject({ accuracy: 1, f1: 1, photographs: 9 });
    expect(await readFile(artifacts.report.path, 'utf8')).toContain('There are none.');
  });

  it('counts mistakes in the order of the labels of the model, and shows the pictures', async () => {
    await putColourClassifier(join(folder, 'model'), colours);
    await put(folder, 'test/red/really <green>.png', await picture(green, 70));
    const { artifacts, returned } = await run();
    expect(returned.accuracy).toBeCloseTo(9 / 10, 12);
    expect(artifacts.confusion.metadata['confusionMatrix']).toEqual({
      annotationSpecs: [{ displayName: 'red' }, { displayName: 'green' }, { displayName: 'blue' }],
      rows: [{ row: [4, 1, 0] }, { row: [0, 3, 0] }, { row: [0, 0, 2] }],
    });
    const points = artifacts.confusion.metadata['confidenceMetrics'];
    expect(points).toEqual(expect.arrayContaining([expect.objectContaining({ recall: 1 })]));
    const report = await readFile(artifacts.report.path, 'utf8');
    expect(report).toContain('<b>red</b> taken for <b>green</b> (1)');
    expect(report).toContain('red/really &lt;green&gt;.png');
    expect(report.match(/data:image\/jpeg/g)).toHaveLength(1);
    expect(report).not.toMatch(/<script|src="http|href=/);
  });

  it('gives the same bytes again', async () => {
    await putColourClassifier(join(folder, 'model'), colours);
    await put(folder, 'test/red/really green.png', await picture(green, 70));
    const [first, second] = [await run(), await run()];
    expect(await readFile(first.artifacts.report.path)).toEqual(await readFile(second.artifacts.report.path));
    expect(first.artifacts.metrics.metadata).toEqual(second.artifacts.metrics.metadata);
  });

  it.each<[string, ColourClassifier, RegExp]>([
    [
      'a class that the model does not know',
      { ...colours, labels: ['red', 'green', 'teal'] },
      /does not know "blue"/,
    ],
    [
      'a class without photographs in the test',
      { labels: [...colours.labels, 'grey'], weights: [...colours.weights, [-1, -1, -1]] },
      /no photographs of "grey"/,
    ],
    ['a model without labels', { ...colours, metadata: { labels: '' } }, /no "labels"/],
    [
      'labels that are no list of names',
      { ...colours, metadata: { labels: '["red", 2]' } },
      /"labels" does not read/,
    ],
    [
      'a preprocessing that means nothing',
      { ...colours, metadata: { preprocessing: '{}' } },
      /"preprocessing"/,
    ],
    [
      'fewer labels than outputs',
      { ...colours, metadata: { labels: '["red", "green"]' } },
      /does not know "blue"/,
    ],
    ['outputs that are no probabilities', { ...colours, softmax: false }, /no probabilities/],
    [
      'an input that is no pixels',
      { ...colours, input: 'float32' },
      /float32, not one tensor of 8-bit pixels/,
    ],
  ])('%s is an error that says so', async (_, options, message) => {
    await putColourClassifier(join(folder, 'model'), options);
    await expect(run()).rejects.toMatchObject({
      name: 'TaskError',
      message: expect.stringMatching(message) as string,
      fix: expect.any(String) as string,
    });
  });

  it('more outputs than labels are an error that says so', async () => {
    await putColourClassifier(join(folder, 'model'), {
      ...colours,
      metadata: { labels: '["red", "green"]' },
    });
    await rm(join(folder, 'test', 'blue'), { recursive: true });
    await expect(run()).rejects.toMatchObject({
      message: expect.stringContaining('[7, 3]') as string,
    });
  });

  it('a missing or damaged model, an empty test and an unreadable photograph are errors that say so', async () => {
    const refused = async (word: string): Promise<void> =>
      expect(run()).rejects.toMatchObject({
        name: 'TaskError',
        message: expect.stringContaining(word) as string,
      });
    await mkdir(join(folder, 'model'));
    await refused('has no classifier.onnx');
    await writeFile(join(folder, 'model', 'classifier.onnx'), 'not a model');
    await refused('not an ONNX file');
    await putColourClassifier(join(folder, 'model'), colours);
    await writeFile(join(folder, 'test', 'red', '0.png'), 'not a picture');
    await refused('red/0.png cannot be decoded');
    await rm(join(folder, 'test'), { recursive: true });
    await refused('cannot be read');
    await mkdir(join(folder, 'test', 'red'), { recursive: true });
    await refused('holds no photographs');
  });
});
