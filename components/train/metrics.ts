import { TaskError, type Metrics } from 'ferrule';
import { bestOf, type Epoch } from './history.ts';

/**
 * Records what the best epoch and the last one came to.
 * @throws TaskError where no epoch was trained
 */
export function logMetrics(
  metrics: Metrics,
  history: readonly Epoch[],
  provider: string,
): { readonly bestEpoch: number; readonly validationAccuracy: number } {
  const best = bestOf(history);
  const last = history.at(-1);
  if (best === undefined || last === undefined)
    throw new TaskError('no epoch was trained', { fix: 'give epochs of at least 1' });
  metrics.log('validationAccuracy', best.validationAccuracy);
  metrics.log('validationLoss', best.validationLoss);
  metrics.log('bestEpoch', best.epoch);
  metrics.log('epochs', last.epoch);
  metrics.log('trainingAccuracy', last.accuracy);
  metrics.log('trainingLoss', last.loss);
  metrics.log('provider', provider);
  return { bestEpoch: best.epoch, validationAccuracy: best.validationAccuracy };
}
