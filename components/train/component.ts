import {
  component,
  type Dataset,
  type Html,
  type Int,
  type Metrics,
  type Model,
  type TaskContext,
} from 'ferrule';
import { chooseProvider } from 'ferrule/onnx';
import { loadBackbone, splitBackbone } from './backbone.ts';
import { freshStart, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { featureCount } from './classifier-graph.ts';
import { writeCurves } from './curves.ts';
import { exportClassifier } from './export-classifier.ts';
import { fit } from './fit.ts';
import { sayProvider, sayResult, timed } from './log.ts';
import { loadFeatures } from './kept-features.ts';
import { logMetrics } from './metrics.ts';
import { listPhotographs } from './photographs.ts';
import { featureIdentity, prepareFeatures } from './prepare-features.ts';
import { checkSettings } from './settings.ts';

interface Inputs {
  /** Photographs to train on, one folder a class. */
  readonly train: Dataset;
  /** Photographs to choose the best epoch by, one folder a class. */
  readonly validation: Dataset;
  /** The pretrained network: builtin:efficientnet-lite0, or the path or URI of an ONNX file of your own. */
  readonly backbone?: string;
  /** Passes over the training photographs, those of the checkpoint counted. */
  readonly epochs?: Int;
  /** Photographs a step. */
  readonly batchSize?: Int;
  /** Adam's learning rate at its highest; the backbone's blocks take a tenth of it. */
  readonly learningRate?: number;
  /** How the learning rate falls. */
  readonly schedule?: 'cosine' | 'step' | 'constant';
  /** Epochs that the schedule is laid out over; 0 for as many as are trained. */
  readonly scheduleEpochs?: Int;
  /** Share of the units before the last layer that is left out of each step. */
  readonly dropout?: number;
  /** Share of each target that is spread over all classes. */
  readonly labelSmoothing?: number;
  /** Whether rare classes weigh more. */
  readonly classWeights?: 'none' | 'balanced';
  /** Units of a hidden layer in the head; 0 for none. */
  readonly hiddenUnits?: Int;
  /** Decoupled weight decay. */
  readonly weightDecay?: number;
  /** Whether mirrored views and parts of the photographs are trained on too. */
  readonly augment?: boolean;
  /** How many of the backbone's last blocks to train; 0 trains the head alone. */
  readonly fineTuneBlocks?: Int;
  /** Stops after so many epochs without a lower validation loss; 0 never does. */
  readonly patience?: Int;
  /** Fixes the first weights, the order of the photographs, their views and the dropout. */
  readonly seed?: Int;
  /** An earlier training to go on from. */
  readonly checkpoint?: Model;
  /** What the component `features` made of the same data and settings: spares sending the photographs through the network. */
  readonly features?: Model;
}

interface Outputs {
  /** A folder that holds classifier.onnx: pixels in, probabilities out, labels and preprocessing in its metadata. */
  readonly model: Model;
  readonly metrics: Metrics;
  /** Loss and accuracy over the epochs. */
  readonly curves: Html;
  /** Weights and the optimiser's memory after the last epoch, to go on from. */
  readonly checkpoint: Model;
}

/** Trains a classifier of photographs on a pretrained backbone, and exports it as one ONNX file. */
export const train = component(
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
      epochs = 12,
      batchSize = 32,
      learningRate = 0.002,
      schedule = 'cosine',
      scheduleEpochs = 0,
      dropout = 0.2,
      labelSmoothing = 0.05,
      classWeights = 'none',
      hiddenUnits = 0,
      weightDecay = 0,
      augment = true,
      fineTuneBlocks = 0,
      patience = 0,
      seed = 42,
      checkpoint,
      features,
    }: Inputs,
    out: Outputs,
    { scratch, signal, report }: TaskContext,
  ): Promise<{
    /** The epoch whose weights the model has. */
    bestEpoch: Int;
    /** Share of the validation photographs that the model gives their class. */
    validationAccuracy: number;
    /** Where it was trained: cuda or cpu. */
    provider: string;
  }> => {
    const settings = checkSettings({
      epochs,
      batchSize,
      learningRate,
      schedule,
      scheduleEpochs,
      dropout,
      labelSmoothing,
      classWeights,
      hiddenUnits,
      weightDecay,
      augment,
      fineTuneBlocks,
      patience,
      seed,
    });
    const photographs = await listPhotographs(train, validation);
    const { classes } = photographs;
    const network = await loadBackbone(backbone, scratch);
    const split = splitBackbone(network, fineTuneBlocks);
    const choice = await chooseProvider();
    const { provider } = choice;
    sayProvider(choice);

    const source = { photographs, network, split, provider, augment, seed, signal };
    const kept =
      features === undefined
        ? await timed('features', () => prepareFeatures(source))
        : await loadFeatures(features.path, featureIdentity(source, fineTuneBlocks));
    const prepared = {
      train: { photographs: photographs.train, features: kept.train },
      validation: { photographs: photographs.validation, features: kept.validation },
    };

    const featureDims = prepared.train.features.dims;
    const head = { features: featureCount(featureDims, split.trained), hiddenUnits, classes: classes.length };
    const classifier = { featureDims, trained: split.trained, head };
    const identity = { classes, backbone: network.digest, hiddenUnits, fineTuneBlocks };
    const start =
      checkpoint === undefined
        ? freshStart(classifier, seed)
        : await loadCheckpoint(checkpoint, classifier, identity);
    const end = await timed('training', () =>
      fit({
        classifier,
        ...prepared,
        settings,
        provider,
        start,
        signal,
        onEpoch(ended) {
          const { epoch, ...figures } = ended;
          report(figures, epoch);
        },
      }),
    );

    const result = logMetrics(out.metrics, end.history, provider);
    await exportClassifier(out.model.path, {
      backbone: network,
      split,
      classifier,
      parameters: end.best,
      classes,
      notes: { training: JSON.stringify({ ...settings, bestEpoch: result.bestEpoch, provider }) },
    });
    await saveCheckpoint(out.checkpoint.path, end, identity);
    await writeCurves(out.curves.path, end.history, result.bestEpoch);
    sayResult(result.bestEpoch, end.history.length, result.validationAccuracy);
    return { ...result, provider };
  },
);
