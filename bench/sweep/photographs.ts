import { int, pipeline } from 'ferrule';
import { dataPrep } from '../../components/data_prep/component.ts';
import { evaluate } from '../../components/eval/component.ts';
import { features } from '../../components/features/component.ts';
import { train } from '../../components/train/component.ts';

/** The flagship with a task of its own for what the network makes of the photographs: trials differ in the training alone. */
export default pipeline(
  'photograph-heads',
  {
    /** Where the photographs are. */
    data_bucket: 'sample:weather',
    epochs: int(12),
    learning_rate: 0.002,
    hidden_units: int(0),
    dropout: 0.2,
    label_smoothing: 0.05,
  },
  ({ data_bucket, epochs, learning_rate, hidden_units, dropout, label_smoothing }) => {
    const data = dataPrep({ bucket: data_bucket });
    const sets = { train: data.outputs.train, validation: data.outputs.validation };
    const seen = features(sets);
    const trained = train({
      ...sets,
      features: seen.outputs.features,
      epochs,
      learningRate: learning_rate,
      hiddenUnits: hidden_units,
      dropout,
      labelSmoothing: label_smoothing,
    });
    const tested = evaluate({ model: trained.outputs.model, test: data.outputs.test });
    return { validation_accuracy: trained.outputs.validationAccuracy, accuracy: tested.outputs.accuracy };
  },
);
