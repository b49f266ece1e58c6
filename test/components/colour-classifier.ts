import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';

const { FLOAT, UINT8 } = onnx.TensorProto.DataType;

export interface ColourClassifier {
  readonly labels: readonly string[];
  /** One row a label: the mean red, green and blue (0 to 1) that speak for it. */
  readonly weights: readonly (readonly [number, number, number])[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Leaves the softmax out, so that the outputs are no probabilities. @default true */
  readonly softmax?: boolean;
  /** Type of the input. @default 'uint8' */
  readonly input?: 'uint8' | 'float32';
}

/** Writes `classifier.onnx` into a folder: softmax of a linear map of a picture's mean colour. */
export async function putColourClassifier(folder: string, options: ColourClassifier): Promise<void> {
  const { labels, weights, softmax = true, input = 'uint8' } = options;
  const preprocessing = { width: 16, height: 16, fit: 'cover', kernel: 'lanczos3', channels: 'rgb' };
  const metadata = {
    labels: JSON.stringify(labels),
    preprocessing: JSON.stringify(preprocessing),
    ...options.metadata,
  };
  const matrix = [0, 1, 2].flatMap((channel) => weights.map((row) => (row[channel] ?? 0) / 255));
  const model: onnx.IModelProto = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: Object.entries(metadata)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => ({ key, value })),
    graph: {
      name: 'colours',
      input: [value('pixels', input === 'uint8' ? UINT8 : FLOAT, ['n', 16, 16, 3])],
      output: [value(softmax ? 'probabilities' : 'logits', FLOAT, ['n', labels.length])],
      initializer: [
        { name: 'weights', dataType: FLOAT, dims: [3, labels.length], floatData: matrix },
        { name: 'scale', dataType: FLOAT, dims: [], floatData: [10] },
      ],
      node: [
        { opType: 'Cast', input: ['pixels'], output: ['floats'], attribute: [int('to', FLOAT)] },
        {
          opType: 'ReduceMean',
          input: ['floats'],
          output: ['colour'],
          attribute: [ints('axes', [1, 2]), int('keepdims', 0)],
        },
        { opType: 'MatMul', input: ['colour', 'weights'], output: ['fit'] },
        { opType: 'Mul', input: ['fit', 'scale'], output: ['logits'] },
        ...(softmax
          ? [{ opType: 'Softmax', input: ['logits'], output: ['probabilities'], attribute: [int('axis', 1)] }]
          : []),
      ],
    },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'classifier.onnx'), onnx.ModelProto.encode(model).finish());
}

function value(name: string, elemType: number, dims: readonly (number | string)[]): onnx.IValueInfoProto {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function int(name: string, i: number): onnx.IAttributeProto {
  return { name, type: onnx.AttributeProto.AttributeType.INT, i };
}

function ints(name: string, values: number[]): onnx.IAttributeProto {
  return { name, type: onnx.AttributeProto.AttributeType.INTS, ints: values };
}
