import { availableParallelism } from 'node:os';
import { TaskError } from 'ferrule';
import {
  floatOutput,
  joinModels,
  openSession,
  sizeOf,
  writeModel,
  type Model,
  type Provider,
} from 'ferrule/onnx';
import { mapInOrder } from '../images/parallel.ts';
import type { Pixels } from '../images/decode.ts';
import type { Backbone } from './backbone.ts';
import type { Photograph } from './photographs.ts';
import { pixelsGraph } from './pixels-graph.ts';
import { decodeViews, type View } from './views.ts';

/** What the frozen part of the backbone gives for every view of every photograph. */
export interface Features {
  /** Shape of one of them: what the trained part takes. */
  readonly dims: readonly number[];
  /** Views of each photograph. */
  readonly views: number;
  /** Views the memory of one: photograph by photograph, view by view. */
  at(photograph: number, view: number): Float32Array;
}

export interface FeatureOptions {
  readonly backbone: Backbone;
  readonly frozen: Model | undefined;
  readonly provider: Provider;
  /** The views of each photograph, as many for each. */
  readonly views: (photograph: number) => readonly View[];
  readonly signal: AbortSignal;
  /** Told how many of the photographs are done, five times at the most. @default nobody is told */
  readonly onProgress?: (done: number) => void;
}

/** Photographs that go through the network together: as fast as more, and bounded in memory. */
const batch = 8;
/** Features are kept in memory; more than this would not be wise. */
const mostBytes = 8 * 2 ** 30;

/**
 * Sends photographs through the frozen part of the backbone. Decoding runs on the threads of Node's pool while ONNX
 * Runtime computes, so that all cores are busy.
 * @throws TaskError where a photograph cannot be decoded, or the features would not fit in memory
 */
export async function extractFeatures(
  photographs: readonly Photograph[],
  { backbone, frozen, provider, views, signal, onProgress }: FeatureOptions,
): Promise<Features> {
  const pixels = pixelsGraph(backbone);
  const whole =
    frozen === undefined
      ? pixels
      : joinModels('features', [
          { prefix: 'pixels/', model: pixels },
          { prefix: '', model: frozen },
        ]);
  const session = await openSession(writeModel(whole), { provider, threads: availableParallelism() });
  const [inputName = ''] = session.inputs;
  const [outputName = ''] = session.outputs;
  const { width, height } = backbone.preprocessing;
  const perPhotograph = views(0).length;
  const rows = photographs.length * perPhotograph;
  let store: { readonly dims: readonly number[]; readonly data: Float32Array } | undefined;
  let done = 0;

  const flush = async (pending: readonly Pixels[]): Promise<void> => {
    signal.throwIfAborted();
    const data = new Uint8Array(pending.length * width * height * 3);
    for (const [index, picture] of pending.entries()) data.set(picture.data, index * width * height * 3);
    const outputs = await session.run({ [inputName]: { dims: [pending.length, height, width, 3], data } });
    const dims = outputs[outputName]?.dims.slice(1) ?? [];
    store ??= { dims, data: roomFor(rows, sizeOf(dims)) };
    store.data.set(floatOutput(outputs, outputName), done * sizeOf(dims));
    const fifth = (count: number): number => Math.floor((count * 5) / rows);
    if (fifth(done + pending.length) > fifth(done))
      onProgress?.(Math.floor((done + pending.length) / perPhotograph));
    done += pending.length;
  };

  let pending: Pixels[] = [];
  const decode = ({ path }: Photograph, index: number): Promise<readonly Pixels[]> =>
    decodeViews(path, views(index), backbone.preprocessing).catch((cause: unknown) => {
      throw new TaskError(`the photograph ${path} cannot be decoded`, { fix: 'remove it', cause });
    });
  // Enough are asked for ahead to keep the decoding threads busy while a batch is computed.
  for await (const decoded of mapInOrder(photographs, decode, batch * 2)) {
    for (const picture of decoded) {
      pending.push(picture);
      if (pending.length < batch) continue;
      await flush(pending);
      pending = [];
    }
  }
  if (pending.length > 0) await flush(pending);
  await session.close();
  const { dims, data } = store ?? { dims: [], data: new Float32Array() };
  const size = sizeOf(dims);
  return {
    dims,
    views: perPhotograph,
    at(photograph, view) {
      const row = photograph * perPhotograph + view;
      return data.subarray(row * size, (row + 1) * size);
    },
  };
}

function roomFor(rows: number, size: number): Float32Array {
  if (rows * size * 4 > mostBytes)
    throw new TaskError(
      `the features of ${rows} views would take ${Math.round((rows * size * 4) / 2 ** 30)} GiB of memory`,
      { fix: 'train fewer of the last blocks (fineTuneBlocks), or set augment to false' },
    );
  return new Float32Array(rows * size);
}
