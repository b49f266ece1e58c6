import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Provider } from 'ferrule/onnx';
import type { Backbone, SplitBackbone } from './backbone.ts';
import { extractFeatures } from './features.ts';
import type { FeatureIdentity, KeptFeatures } from './kept-features.ts';
import { sayFeatures } from './log.ts';
import type { Photographs } from './photographs.ts';
import { viewsOf } from './views.ts';

export interface FeatureSource {
  readonly photographs: Photographs;
  readonly network: Backbone;
  readonly split: SplitBackbone;
  readonly provider: Provider;
  readonly augment: boolean;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Sends the photographs of both datasets through the frozen part of the backbone, in the views that training uses. */
export async function prepareFeatures(source: FeatureSource): Promise<KeptFeatures> {
  const { photographs, network, split, provider, augment, seed, signal } = source;
  const extraction = { backbone: network, frozen: split.frozen, provider, signal };
  return {
    train: await extractFeatures(photographs.train, {
      ...extraction,
      views: (photograph) => viewsOf(augment, seed, photograph),
      onProgress: (done) => sayFeatures('train', done, photographs.train.length),
    }),
    validation: await extractFeatures(photographs.validation, {
      ...extraction,
      views: () => viewsOf(false, seed, 0),
      onProgress: (done) => sayFeatures('validation', done, photographs.validation.length),
    }),
  };
}

/** Says what the features of some photographs hang on. */
export function featureIdentity(
  {
    photographs,
    network,
    augment,
    seed,
  }: Pick<FeatureSource, 'photographs' | 'network' | 'augment' | 'seed'>,
  fineTuneBlocks: number,
): FeatureIdentity {
  const { train, validation } = photographs;
  const names = [...train, ...validation].map(({ path, label }) => `${label}/${basename(path)}`);
  return {
    backbone: network.digest,
    fineTuneBlocks,
    augment,
    seed,
    photographs: createHash('sha256').update(names.join('\n')).digest('hex'),
    train: train.length,
    validation: validation.length,
  };
}
