import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { asset, TaskError } from 'ferrule';
import { fetchOne } from 'ferrule/data';
import { blockBoundaries, cutModel, elementTypes, readModel, type Model, type ValueInfo } from 'ferrule/onnx';
import { defaultPreprocessing, type Preprocessing } from '../images/preprocessing.ts';
import { pooled } from './pooling.ts';

/** How pixels of 0..255 become what a backbone takes: `(x - mean) / deviation`, a value for each of R, G and B. */
interface Normalisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Whether the channels come first (as PyTorch has them) or last (TensorFlow). */
  readonly layout: 'NCHW' | 'NHWC';
}

/** A pretrained network that turns a picture into features. */
export interface Backbone {
  /** What it was asked for as. */
  readonly source: string;
  /** SHA-256 of its file, in hexadecimal. */
  readonly digest: string;
  readonly model: Model;
  readonly preprocessing: Preprocessing;
  readonly normalisation: Normalisation;
}

/** A backbone in two: what stays as it is, and what is trained. */
export interface SplitBackbone {
  readonly frozen: Model | undefined;
  readonly trained: Model | undefined;
}

const builtin = 'builtin:efficientnet-lite0';

/** ImageNet's, which most networks were trained with. */
const usual = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], range: 1 };

/**
 * Loads a backbone: the built-in one, or an ONNX file by path or URI with one float32 input [N, 3, H, W] or
 * [N, H, W, 3]. Its metadata may say `mean`, `std` and `pixel_range`; without them ImageNet's are taken.
 * @param scratch where a file from elsewhere is put
 * @throws TaskError where it cannot be read or is no such network
 */
export async function loadBackbone(source: string, scratch: string): Promise<Backbone> {
  const bytes = await bytesOf(source, scratch);
  const model = pooled(parse(bytes, source));
  const { layout, width, height } = inputOf(model, source);
  return {
    source,
    digest: createHash('sha256').update(bytes).digest('hex'),
    model,
    preprocessing: { ...defaultPreprocessing, width, height },
    normalisation: { ...normalisationOf(model, source), layout },
  };
}

async function bytesOf(source: string, scratch: string): Promise<Uint8Array> {
  if (source === builtin) return readFile(asset('../../backbones/efficientnet-lite0.onnx', import.meta.url));
  if (source.startsWith('builtin:'))
    throw new TaskError(`there is no backbone "${source}"`, { fix: `use ${builtin}, or give an ONNX file` });
  try {
    return await readFile(await fetchOne(source, scratch));
  } catch (cause) {
    throw new TaskError(`the backbone "${source}" cannot be read: ${messageOf(cause)}`, {
      fix: `give the path or URI of an ONNX file, or ${builtin}`,
      cause,
    });
  }
}

function parse(bytes: Uint8Array, source: string): Model {
  try {
    return readModel(bytes, `the backbone "${source}"`);
  } catch (cause) {
    throw new TaskError(messageOf(cause), { fix: `give an ONNX file, or use ${builtin}`, cause });
  }
}

function inputOf(
  model: Model,
  source: string,
): { readonly layout: 'NCHW' | 'NHWC'; readonly width: number; readonly height: number } {
  const [input, ...more] = model.graph.inputs;
  const dims = input?.dims ?? [];
  const size = (dim: string | number | undefined, usualSize: number): number =>
    typeof dim === 'number' ? dim : usualSize;
  const { width, height } = defaultPreprocessing;
  const isPicture = dims.length === 4 && input?.elementType === elementTypes.float32 && more.length === 0;
  if (isPicture && dims[3] === 3)
    return { layout: 'NHWC', height: size(dims[1], height), width: size(dims[2], width) };
  if (isPicture && (dims[1] === 3 || typeof dims[1] === 'string'))
    return { layout: 'NCHW', height: size(dims[2], height), width: size(dims[3], width) };
  throw new TaskError(
    `the backbone "${source}" does not take pictures: its inputs are ${model.graph.inputs.map(described).join(', ')}`,
    { fix: 'give a network with one float32 input [N, 3, H, W] or [N, H, W, 3]' },
  );
}

function described(info: ValueInfo): string {
  return `${info.name} [${info.dims?.join(', ') ?? '?'}]`;
}

function normalisationOf(model: Model, source: string): Omit<Normalisation, 'layout'> {
  const { mean, std, pixel_range: range } = model.metadata;
  const scale = range === undefined ? usual.range : Number(range.split('..')[1]);
  const read = (text: string | undefined, fallback: readonly number[]): number[] => {
    const values = (text === undefined ? fallback : text.split(',').map(Number)).map(
      (value) => (value * 255) / scale,
    );
    const three = values.length === 1 ? [...values, ...values, ...values] : values;
    if (three.length === 3 && three.every((value) => Number.isFinite(value))) return three;
    throw new TaskError(`the backbone "${source}" has metadata "${text ?? ''}" that does not read`, {
      fix: 'write mean and std as three numbers with commas between, pixel_range as 0..1 or 0..255',
    });
  };
  return { mean: read(mean, usual.mean), deviation: read(std, usual.deviation) };
}

/**
 * Splits a backbone before its last blocks; 0 trains none of them, and as many as there are trains all.
 * @throws TaskError where the network has fewer blocks
 */
export function splitBackbone({ model, source }: Backbone, blocks: number): SplitBackbone {
  if (blocks === 0) return { frozen: model, trained: undefined };
  const boundaries = blockBoundaries(model);
  if (blocks > boundaries.length + 1)
    throw new TaskError(
      `fineTuneBlocks is ${blocks}, and the backbone "${source}" has ${boundaries.length + 1} blocks`,
      { fix: `give a number from 0 to ${boundaries.length + 1}` },
    );
  const boundary = boundaries.at(-blocks);
  if (boundary === undefined || blocks > boundaries.length) return { frozen: undefined, trained: model };
  const place: ValueInfo = { name: boundary, elementType: elementTypes.float32, dims: undefined };
  return {
    frozen: cutModel(model, model.graph.inputs, [place]),
    trained: cutModel(model, [place], model.graph.outputs),
  };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
