import { component, type Dataset, type Int, type Model, type TaskContext } from 'ferrule';
import { chooseProvider } from 'ferrule/onnx';
import { loadBackbone, splitBackbone } from '../train/backbone.ts';
import { saveFeatures } from '../train/kept-features.ts';
import { sayProvider, timed } from '../train/log.ts';
import { listPhotographs } from '../train/photographs.ts';
import { featureIdentity, prepareFeatures } from '../train/prepare-features.ts';

interface Inputs {
  /** Photographs to train on, one folder a class. */
  readonly train: Dataset;
  /** Photographs to choose the best epoch by, one folder a class. */
  readonly validation: Dataset;
  /** The pretrained network: builtin:efficientnet-lite0, or the path or URI of an ONNX file of your own. */
  readonly backbone?: string;
  /** Whether mirrored views and parts of the photographs are trained on too. */
  readonly augment?: boolean;
  /** How many of the backbone's last blocks will be trained. */
  readonly fineTuneBlocks?: Int;
  /** Fixes the views of the photographs. */
  readonly seed?: Int;
}

interface Outputs {
  /** What the frozen part of the network gives for every view: input of trainings with the same settings. */
  readonly features: Model;
}

/** Sends photographs through the frozen part of a pretrained network, once for any number of trainings. */
export const features = component(
  {
    image: { name: 'train', uriFrom: 'TRAIN_MODEL_DOCKER_URI' },
    accelerator: { type: 'nvidia.com/gpu', count: 1 },
    reads: ['backbone'],
    assets: ['../../backbones/efficientnet-lite0.onnx'],
    memory: '8Gi',
  },
  async (
    {
      train,
      validation,
      backbone = 'builtin:efficientnet-lite0',
      augment = true,
      fineTuneBlocks = 0,
      seed = 42,
    }: Inputs,
    out: Outputs,
    { scratch, signal }: TaskContext,
  ): Promise<void> => {
    const photographs = await listPhotographs(train, validation);
    const network = await loadBackbone(backbone, scratch);
    const split = splitBackbone(network, fineTuneBlocks);
    const choice = await chooseProvider();
    sayProvider(choice);
    const source = { photographs, network, split, provider: choice.provider, augment, seed, signal };
    const kept = await timed('features', () => prepareFeatures(source));
    await saveFeatures(out.features.path, kept, featureIdentity(source, fineTuneBlocks));
  },
);
