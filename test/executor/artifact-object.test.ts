import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ArtifactObject } from '../../sdk/artifact-object.ts';
import {
  artifact,
  component,
  TaskError,
  type Dataset,
  type Int,
  type Metrics,
  type Model,
  type TaskContext,
} from '../../sdk/index.ts';

const object = (): ArtifactObject => new ArtifactObject({ name: 'a', uri: '/a', path: '/a' });
const curve = { falsePositiveRate: [0, 1], truePositiveRate: [0.2, 1], threshold: [Infinity, 0.1] };
const matrix = [
  [1, 2],
  [3, 4],
];

describe('the metadata of metrics', () => {
  it('is what the Python SDK writes for a ROC curve and a confusion matrix', () => {
    const metrics = object();
    metrics.logRocCurve(curve);
    metrics.logConfusionMatrix(['rain', 'snow'], matrix);
    expect(metrics.metadata).toEqual({
      confidenceMetrics: [
        { confidenceThreshold: Number.MAX_VALUE, recall: 0.2, falsePositiveRate: 0 },
        { confidenceThreshold: 0.1, recall: 1, falsePositiveRate: 1 },
      ],
      confusionMatrix: {
        annotationSpecs: [{ displayName: 'rain' }, { displayName: 'snow' }],
        rows: [{ row: [1, 2] }, { row: [3, 4] }],
      },
    });
  });

  it('keeps slices apart, and goes on with one that is there', () => {
    const metrics = object();
    metrics.slice('night').logConfusionMatrix(['a'], [[5]]);
    metrics.slice('day').logConfusionMatrix(['a'], [[6]]);
    metrics.slice('night').logRocCurve(curve);
    expect(metrics.metadata['evaluationSlices']).toMatchObject([
      {
        slice: 'night',
        sliceClassificationMetrics: {
          confusionMatrix: { rows: [{ row: [5] }] },
          confidenceMetrics: [{}, {}],
        },
      },
      { slice: 'day', sliceClassificationMetrics: { confusionMatrix: { rows: [{ row: [6] }] } } },
    ]);
  });

  it('refuses numbers and shapes that cannot be meant', () => {
    const metrics = object();
    expect(() => metrics.log('loss', Number.NaN)).toThrow('the metric "loss" is NaN');
    expect(() => metrics.logConfusionMatrix(['a', 'b', 'c'], matrix)).toThrow(RangeError);
    expect(() => metrics.logRocCurve({ ...curve, threshold: [1] })).toThrow(RangeError);
    expect(metrics.metadata).toEqual({});
  });
});

describe('a component that runs alone', () => {
  interface Inputs {
    readonly data: Dataset;
    readonly times?: Int;
  }
  interface Outputs {
    readonly model: Model;
    readonly metrics: Metrics;
  }
  const train = component(
    {},
    async ({ data, times = 2 }: Inputs, out: Outputs, { scratch }: TaskContext): Promise<{ size: Int }> => {
      const text = (await readFile(data.path, 'utf8')).repeat(times);
      if (text === '') throw new TaskError('no data', { fix: 'write some' });
      await writeFile(join(scratch, 'notes'), 'x');
      await writeFile(out.model.path, text);
      out.metrics.log('size', text.length);
      return { size: text.length };
    },
  );

  it('gives what it returned, its files and its metadata', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'ferrule-alone-')), 'data');
    await writeFile(file, 'ab');
    const { returned, artifacts } = await train.run({ data: artifact(file, { from: 'a test' }) });
    expect(returned).toEqual({ size: 4 });
    expect(await readFile(artifacts.model.path, 'utf8')).toBe('abab');
    expect(artifacts.metrics.metadata).toEqual({ size: 4 });
  });

  it('throws what its body throws', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'ferrule-alone-')), 'data');
    await writeFile(file, '');
    await expect(train.run({ data: artifact(file) })).rejects.toMatchObject({
      message: 'no data',
      fix: 'write some',
    });
  });
});
