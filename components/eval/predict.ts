import { TaskError } from 'ferrule';
import { decodeImage, type Pixels } from '../images/decode.ts';
import { mapInOrder } from '../images/parallel.ts';
import type { Classifier } from './classifier.ts';
import { highest, type Predictions } from './predictions.ts';
import type { TestPhotograph } from './test-photographs.ts';

/** Pictures a call of the model: enough to keep its threads busy, few enough to stay small. */
const batchSize = 16;

/** Asks a classifier about each photograph; the next ones are decoded meanwhile. */
export async function predictAll(
  classifier: Classifier,
  photographs: readonly TestPhotograph[],
  signal: AbortSignal,
): Promise<Predictions> {
  const { labels, preprocessing } = classifier;
  const probabilities: Float32Array[] = [];
  let batch: Pixels[] = [];
  const flush = async (): Promise<void> => {
    signal.throwIfAborted();
    if (batch.length > 0) probabilities.push(...(await classifier.predict(batch)));
    batch = [];
  };
  const decode = async ({ file, path }: TestPhotograph): Promise<Pixels> =>
    decodeImage(file, preprocessing).catch((cause: unknown) => {
      throw new TaskError(`the test photograph ${path} cannot be decoded`, {
        fix: 'leave it out: data_prep finds such files',
        cause,
      });
    });
  for await (const pixels of mapInOrder(photographs, decode)) {
    batch.push(pixels);
    if (batch.length === batchSize) await flush();
  }
  await flush();
  return {
    classes: labels,
    photographs,
    actual: photographs.map(({ className }) => labels.indexOf(className)),
    predicted: probabilities.map(highest),
    probabilities,
  };
}
