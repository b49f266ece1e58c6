import { readFile, writeFile } from 'node:fs/promises';
import { TaskError } from 'ferrule';
import { sizeOf, type Data } from 'ferrule/onnx';
import type { Features } from './features.ts';
import { readTensors, writeTensors } from './safetensors.ts';

/** What features hang on: a training that differs in it cannot use them. */
export interface FeatureIdentity {
  readonly backbone: string;
  readonly fineTuneBlocks: number;
  readonly augment: boolean;
  readonly seed: number;
  /** Digest of their names and classes, in order. */
  readonly photographs: string;
  /** Photographs in each part. */
  readonly train: number;
  readonly validation: number;
}

export interface KeptFeatures {
  readonly train: Features;
  readonly validation: Features;
}

/** Writes the features of both datasets as one file in the safetensors format. */
export async function saveFeatures(
  path: string,
  kept: KeptFeatures,
  identity: FeatureIdentity,
): Promise<void> {
  const tensorOf = (features: Features, photographs: number): { dims: number[]; data: Float32Array } => {
    const { dims, views } = features;
    const size = sizeOf(dims);
    const data = new Float32Array(photographs * views * size);
    for (let photograph = 0; photograph < photographs; photograph++)
      for (let view = 0; view < views; view++)
        data.set(features.at(photograph, view), (photograph * views + view) * size);
    return { dims: [photographs, views, ...dims], data };
  };
  const tensors = {
    train: tensorOf(kept.train, identity.train),
    validation: tensorOf(kept.validation, identity.validation),
  };
  await writeFile(path, writeTensors(tensors, { features: JSON.stringify(identity) }));
}

/**
 * Reads features that were written for the same photographs and settings.
 * @throws TaskError where they were made for others
 */
export async function loadFeatures(path: string, identity: FeatureIdentity): Promise<KeptFeatures> {
  const { tensors, metadata } = readTensors(await readFile(path));
  const stated = JSON.parse(metadata['features'] ?? '{}') as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(identity))
    if (stated[name] !== value)
      throw new TaskError(
        `the features are for ${name} ${String(stated[name])}, and the training has ${String(value)}`,
        { fix: 'give both components the same data and settings' },
      );
  return { train: featuresIn(tensors['train']), validation: featuresIn(tensors['validation']) };
}

function featuresIn(tensor: Data | undefined): Features {
  if (!(tensor?.data instanceof Float32Array))
    throw new TaskError('the file holds no features', { fix: 'make it anew with the component features' });
  const [, views = 1, ...dims] = tensor.dims;
  const size = sizeOf(dims);
  const { data } = tensor;
  return {
    dims,
    views,
    at(photograph, view) {
      const row = photograph * views + view;
      return data.subarray(row * size, (row + 1) * size);
    },
  };
}
