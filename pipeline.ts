import { int, pipeline } from 'ferrule';
import { dataPrep } from './components/data_prep/component.ts';
import { evaluate } from './components/eval/component.ts';
import { train } from './components/train/component.ts';

/** Classifies photographs by the folder they lie in: splits them, trains a classifier, and tests it. */
export default pipeline(
  'weather-classification',
  {
    /** Where the photographs are: a bucket's name, gs://bucket/prefix, s3://bucket/prefix, a folder, or sample:weather. */
    data_bucket: 'weather_imgs',
    /** Passes over the training photographs. */
    epochs: int(12),
    /** Fixes the split, the first weights, the order of the photographs and the dropout. */
    seed: int(42),
    /** builtin:efficientnet-lite0, or the path or URI of an ONNX backbone of your own. */
    backbone: 'builtin:efficientnet-lite0',
    /** How many of the backbone's last blocks to train beside the head; 0 trains the head alone. */
    fine_tune_blocks: int(0),
    /** Adam's learning rate at its highest. */
    learning_rate: 0.002,
    /** Units of a hidden layer in the head; 0 for none. */
    hidden_units: int(0),
    /** Share of the units before the last layer that is left out of each step. */
    dropout: 0.2,
  },
  ({ data_bucket, epochs, seed, backbone, fine_tune_blocks, learning_rate, hidden_units, dropout }) => {
    const data = dataPrep({ bucket: data_bucket, seed });
    const trained = train({
      train: data.outputs.train,
      validation: data.outputs.validation,
      backbone,
      epochs,
      seed,
      fineTuneBlocks: fine_tune_blocks,
      learningRate: learning_rate,
      hiddenUnits: hidden_units,
      dropout,
    });
    const tested = evaluate({ model: trained.outputs.model, test: data.outputs.test });
    return {
      accuracy: tested.outputs.accuracy,
      f1: tested.outputs.f1,
      model: trained.outputs.model,
      metrics: tested.outputs.metrics,
      report: tested.outputs.report,
    };
  },
);
