import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  blockBoundaries,
  checkModel,
  cutModel,
  elementTypes,
  floatOutput,
  graphBuilder,
  importModel,
  joinModels,
  modelOf,
  openSession,
  readModel,
  trainingStep,
  adam,
  withAnyBatch,
  withConstants,
  withMetadata,
  writeModel,
  type Model,
  type Value,
} from '../../onnx/index.ts';
import { smallNetwork, smallSize } from '../components/small-network.ts';
import { noise } from './noise.ts';
import { oraclePython } from '../counterparts.ts';
import { runOracle } from './oracle.ts';

const picture = { dims: [2, 3, smallSize, smallSize], data: noise(2 * 3 * smallSize * smallSize, 3) };

async function mapsOf(model: Model): Promise<Float32Array> {
  const session = await openSession(writeModel(model));
  const [input = ''] = session.inputs;
  const [output = ''] = session.outputs;
  const maps = floatOutput(await session.run({ [input]: picture }), output);
  await session.close();
  return maps;
}

const value = (name: string): Model['graph']['inputs'][number] => ({
  name,
  elementType: elementTypes.float32,
  dims: undefined,
});

/** A model of one operation, to be joined after feature maps. */
function doubling(): Model {
  const graph = graphBuilder('double');
  const maps = graph.input('maps', 'float32', [1, 8, 8, 8]);
  graph.output('doubled', graph.op('Mul', [maps, graph.float(2)]));
  return withAnyBatch(modelOf(graph.graph()));
}

describe('a model', () => {
  it('is the same after it was written and read', () => {
    const model = withMetadata(smallNetwork(), { labels: '["a"]' });
    expect(readModel(writeModel(model))).toEqual(model);
  });

  it('is written to the same bytes, whatever the order of its metadata', () => {
    const one = withMetadata(smallNetwork(), { a: '1', b: '2' });
    const two = withMetadata(smallNetwork(), { b: '2', a: '1' });
    expect(writeModel(two)).toEqual(writeModel(one));
  });

  it('is refused where the bytes are none, saying which file', () => {
    expect(() => readModel(new TextEncoder().encode('hello world'), 'note.onnx')).toThrow(
      /note\.onnx is not an ONNX/,
    );
    expect(() => readModel(new Uint8Array(), 'empty.onnx')).toThrow(/holds no graph/);
  });

  it('is found malformed where something is used before it is made', () => {
    const { graph, ...rest } = smallNetwork();
    const reversed = { ...rest, graph: { ...graph, nodes: graph.nodes.toReversed() } };
    expect(() => checkModel(reversed)).toThrow(/before anything makes it/);
    expect(() => checkModel({ ...rest, graph: { ...graph, outputs: [value('absent')] } })).toThrow(
      /"absent"/,
    );
    expect(() => checkModel({ ...rest, graph })).not.toThrow();
  });
});

describe('cutting and joining', () => {
  it('a network cut at any boundary of its blocks and joined again gives what it gave', async () => {
    const model = smallNetwork();
    const whole = await mapsOf(model);
    const boundaries = blockBoundaries(model);
    expect(boundaries).toHaveLength(2);
    for (const boundary of boundaries) {
      const parts = [
        { prefix: 'first/', model: cutModel(model, model.graph.inputs, [value(boundary)]) },
        { prefix: 'second/', model: cutModel(model, [value(boundary)], model.graph.outputs) },
      ];
      const joined = joinModels('joined', parts);
      checkModel(joined);
      expect(await mapsOf(joined)).toEqual(whole);
    }
  });

  it('a cut inside a residual block is refused, naming what else is needed', () => {
    const model = smallNetwork();
    const inside = model.graph.nodes.find(({ op }) => op === 'Clip')?.outputs[0] ?? '';
    expect(() => cutModel(model, [value(inside)], model.graph.outputs)).toThrow(/also needs/);
  });

  it('joining the same model twice keeps their names apart', async () => {
    const parts = [
      { prefix: 'a/', model: smallNetwork() },
      { prefix: 'b/', model: doubling() },
      { prefix: 'c/', model: doubling() },
    ];
    const joined = joinModels('joined', parts);
    checkModel(joined);
    const once = await mapsOf(smallNetwork());
    expect(await mapsOf(joined)).toEqual(once.map((map) => map * 4));
  });

  it('other weights in place of the old ones change what comes out, and only in their size', async () => {
    const model = smallNetwork();
    const changed = withConstants(model, { 'last.b': new Float32Array(8).fill(3) });
    expect(await mapsOf(changed)).not.toEqual(await mapsOf(model));
    expect(() => withConstants(model, { 'last.b': new Float32Array(7) })).toThrow(/another size/);
  });

  it('an operator that changed its meaning between the operator sets is refused', () => {
    const graph = graphBuilder('old');
    graph.output('y', graph.op('Softmax', [graph.input('x', 'float32', [1, 4])], { axis: 1 }));
    const old = { ...modelOf(graph.graph()), opsets: { '': 11 } };
    const parts = [
      { prefix: 'a/', model: old },
      { prefix: 'b/', model: doubling() },
    ];
    expect(() => joinModels('joined', parts)).toThrow(/opset 11 and uses Softmax/);
  });
});

describe('reading a model into a graph under construction', () => {
  it('gives the same values as the model itself', async () => {
    const model = smallNetwork();
    const graph = graphBuilder('copy');
    const input = graph.input('in', 'float32', picture.dims);
    const { maps } = importModel(graph, model, { inputs: { picture: input } });
    expect(maps?.dims).toEqual([2, 8, 8, 8]);
    if (maps !== undefined) graph.output('out', maps);
    expect(await mapsOf(modelOf(graph.graph()))).toEqual(await mapsOf(model));
  });

  it('reports shapes that do not fit where they are met', () => {
    const graph = graphBuilder('copy');
    const input = graph.input('in', 'float32', [1, 4, smallSize, smallSize]);
    expect(() => importModel(graph, smallNetwork(), { inputs: { picture: input } })).toThrow(
      /Conv cannot take \[1, 4, 16, 16\] and \[8, 3, 3, 3\]/,
    );
  });
});

describe('the checker of the onnx package', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onnx-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(oraclePython === undefined)('accepts an exported model and a training step', async () => {
    const parameters = [
      { name: 'w', dims: [3, 2] },
      { name: 'w2', dims: [2, 2], rate: 0.5 },
      { name: 'b', dims: [2] },
      { name: 'b2', dims: [2] },
    ];
    const step = trainingStep('step', adam({ weightDecay: 0.1 }), parameters, (graph, parameter) => {
      const layer = (from: Value, w: string, b: string): Value =>
        graph.op('Gemm', [from, parameter(w), parameter(b)]);
      const hidden = layer(graph.input('x', 'float32', [4, 3]), 'w', 'b');
      const out = graph.op('LogSoftmax', [layer(hidden, 'w2', 'b2')], { axis: -1 });
      return { loss: graph.op('Neg', [graph.op('ReduceSum', [out], { keepdims: 0 })]) };
    });
    const joined = joinModels('joined', [
      { prefix: 'a/', model: smallNetwork() },
      { prefix: '', model: doubling() },
    ]);
    for (const [index, model] of [step.model, withMetadata(joined, { labels: '[]' })].entries()) {
      const path = join(folder, `${index}.onnx`);
      await writeFile(path, writeModel(model));
      const script = 'import onnx,sys; onnx.checker.check_model(sys.argv[1], full_check=True); print("fine")';
      expect(runOracle(script, path).trim()).toBe('fine');
    }
  });
});
