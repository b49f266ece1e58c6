import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  chooseProvider,
  floatOutput,
  openTrainer,
  sgd,
  trainingStep,
  type Optimizer,
  type Tensors,
  type TrainingStep,
} from '../../onnx/index.ts';
import { noise } from './noise.ts';

const rows = 24;
const x = { dims: [rows, 5], data: noise(rows * 5, 1) };
const y = { dims: [rows, 1], data: noise(rows, 2) };
const first: Tensors = {
  w: { dims: [5, 1], data: noise(5, 3) },
  b: { dims: [1], data: Float32Array.of(0.5) },
};

/** Linear regression by least squares. */
function regression(optimizer: Optimizer, rate = 1): TrainingStep {
  const parameters = [
    { name: 'w', dims: [5, 1], rate },
    { name: 'b', dims: [1] },
  ];
  return trainingStep('regression', optimizer, parameters, (graph, parameter) => {
    const product = graph.op('MatMul', [graph.input('x', 'float32', x.dims), parameter('w')]);
    const line = graph.op('Add', [product, parameter('b')]);
    const error = graph.op('Sub', [line, graph.input('y', 'float32', y.dims)]);
    return { loss: graph.op('ReduceMean', [graph.op('Mul', [error, error])], { keepdims: 0 }) };
  });
}

async function losses(step: TrainingStep, count: number, rate: number): Promise<number[]> {
  const trainer = await openTrainer(step, { parameters: first });
  const seen: number[] = [];
  for (let index = 0; index < count; index++)
    seen.push(floatOutput(await trainer.step({ x, y }, rate), 'loss')[0] ?? Number.NaN);
  await trainer.close();
  return seen;
}

/** The same by hand, in 64 bits: Adam as its paper states it. */
function adamByHand(count: number, rate: number, weightDecay: number): number[] {
  const weights = [...(first['w']?.data ?? []), 0.5].map(Number);
  const m = weights.map(() => 0);
  const v = weights.map(() => 0);
  return Array.from({ length: count }, (_, index) => {
    const slopes = weights.map(() => 0);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const inputs = [...x.data.subarray(row * 5, row * 5 + 5), 1];
      const error = inputs.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), -(y.data[row] ?? 0));
      loss += error ** 2 / rows;
      for (const [i, value] of inputs.entries()) slopes[i] = (slopes[i] ?? 0) + (2 * error * value) / rows;
    }
    for (const [i, slope] of slopes.entries()) {
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * slope;
      v[i] = 0.999 * (v[i] ?? 0) + 0.001 * slope ** 2;
      const step = (m[i] ?? 0) / (1 - 0.9 ** (index + 1));
      const size = Math.sqrt((v[i] ?? 0) / (1 - 0.999 ** (index + 1))) + 1e-7;
      // Weights decay, the bias does not: it is no matrix.
      const kept = i < 5 ? 1 - rate * weightDecay : 1;
      weights[i] = (weights[i] ?? 0) * kept - (rate * step) / size;
    }
    return loss;
  });
}

describe('a training step', () => {
  it.each([0, 0.2])('with Adam and weight decay %d follows the paper', async (weightDecay) => {
    const seen = await losses(regression(adam({ weightDecay })), 50, 0.05);
    const wanted = adamByHand(50, 0.05, weightDecay);
    for (const [index, loss] of seen.entries()) expect(loss).toBeCloseTo(wanted[index] ?? 0, 4);
    expect(seen.at(-1)).toBeLessThan((seen[0] ?? 0) * 0.7);
  });

  it.each([0, 0.8])('with gradient descent and momentum %d lowers the loss', async (momentum) => {
    const seen = await losses(regression(sgd({ momentum })), 60, 0.05);
    expect(seen.at(-1)).toBeLessThan((seen[0] ?? 0) * 0.7);
  });

  it('leaves a parameter where it is whose share of the rate is 0', async () => {
    const trainer = await openTrainer(regression(adam(), 0), { parameters: first });
    await trainer.step({ x, y }, 0.1);
    const { w, b } = trainer.parameters();
    expect(w?.data).toEqual(first['w']?.data);
    expect(b?.data).not.toEqual(first['b']?.data);
    await trainer.close();
  });

  it('goes on from a state as if nothing had been between', async () => {
    const step = regression(adam());
    const whole = await openTrainer(step, { parameters: first });
    for (let index = 0; index < 6; index++) await whole.step({ x, y }, 0.05);
    const half = await openTrainer(step, { parameters: first });
    for (let index = 0; index < 3; index++) await half.step({ x, y }, 0.05);
    const rest = await openTrainer(step, half.state());
    for (let index = 0; index < 3; index++) await rest.step({ x, y }, 0.05);
    expect(rest.state()).toEqual(whole.state());
    await Promise.all([whole.close(), half.close(), rest.close()]);
  });

  it('is refused where a parameter has no value to start from', async () => {
    const { w } = first;
    await expect(
      openTrainer(regression(adam()), { parameters: w === undefined ? {} : { w } }),
    ).rejects.toThrow(/needs "b" as float32 \[1\]/);
  });

  it('says what does not fit when it is given other inputs', async () => {
    const trainer = await openTrainer(regression(adam()), { parameters: first });
    await expect(trainer.step({ x }, 0.1)).rejects.toThrow(/cannot run the graph/);
    await trainer.close();
  });
});

describe('the provider', () => {
  it('is the CPU where CUDA does not load, and says why', async () => {
    const choice = await chooseProvider();
    if (choice.provider === 'cuda') return;
    expect(choice.reason).toMatch(/CUDA is not available \(.+\)/);
  });

  it('is never replaced when it was asked for', async () => {
    expect(await chooseProvider('cpu')).toMatchObject({ provider: 'cpu' });
    const insisted = await chooseProvider('cuda').then(({ provider }) => provider, String);
    expect(insisted).toMatch(/^cuda$|ONNX Runtime cannot run/);
  });
});

describe('two processes', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onnx-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('train to the same bits, with one thread or two, from a bundle', async () => {
    const root = new URL('../..', import.meta.url).pathname;
    const entry = join(folder, 'train.ts');
    await writeFile(entry, program(root));
    const bundle = join(folder, 'train.mjs');
    await build({
      entryPoints: [entry],
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['ferrule-source'],
      nodePaths: [join(root, 'node_modules')],
      external: ['onnxruntime-node'],
      // The native package is found from the repository, as a bundle beside its node_modules would.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      plugins: [
        {
          name: 'native',
          setup: (plugin) =>
            plugin.onResolve({ filter: /^onnxruntime-node$/ }, () => ({
              path: join(root, 'node_modules/onnxruntime-node/dist/index.js'),
              external: true,
            })),
        },
      ],
    });
    const run = (threads: number): string =>
      execFileSync(process.execPath, [bundle, String(threads)], { encoding: 'utf8' });
    const once = run(1);
    expect(once).toMatch(/^[0-9a-f]{64}\n$/);
    expect(run(1)).toBe(once);
    expect(run(2)).toBe(once);
  });
});

/** A program that trains a layer with a convolution before it and prints a digest of all weights and of the step itself. */
function program(root: string): string {
  return `
import { createHash } from 'node:crypto';
import { adam, openTrainer, trainingStep, writeModel } from '${root}/onnx/index.ts';
import { noise } from '${root}/test/onnx/noise.ts';
const shapes = [
  { name: 'k', dims: [16, 3, 3, 3] },
  { name: 'w', dims: [16, 4] },
];
const step = trainingStep('step', adam(), shapes, (graph, parameter) => {
  const x = graph.input('x', 'float32', [8, 3, 12, 12]);
  const maps = graph.op('Relu', [graph.op('Conv', [x, parameter('k')], { pads: [1, 1, 1, 1] })]);
  const pooled = graph.op('Flatten', [graph.op('GlobalAveragePool', [maps])], { axis: 1 });
  const out = graph.op('LogSoftmax', [graph.op('MatMul', [pooled, parameter('w')])], { axis: -1 });
  const wanted = graph.op('Mul', [out, graph.input('y', 'float32', [8, 4])]);
  return { loss: graph.op('Neg', [graph.op('ReduceSum', [wanted], { keepdims: 0 })]) };
});
const parameters = {
  k: { dims: [16, 3, 3, 3], data: noise(432, 1) },
  w: { dims: [16, 4], data: noise(64, 2) },
};
const trainer = await openTrainer(step, { parameters }, { threads: Number(process.argv[2]) });
const x = { dims: [8, 3, 12, 12], data: noise(8 * 3 * 144, 3) };
const y = { dims: [8, 4], data: noise(32, 4).map(Math.abs) };
for (let index = 0; index < 20; index++) await trainer.step({ x, y }, 0.01);
const hash = createHash('sha256').update(writeModel(step.model));
for (const { data } of Object.values(trainer.parameters())) hash.update(data);
console.log(hash.digest('hex'));
`;
}
