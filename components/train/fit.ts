import { availableParallelism } from 'node:os';
import { TaskError } from 'ferrule';
import { floatOutput, openSession, openTrainer, writeModel, type Provider, type Tensors } from 'ferrule/onnx';
import { aimsOf, deal, featuresOf, inOrder, maskOf, roomOf, scoreOf } from './batches.ts';
import type { Checkpoint } from './checkpoint.ts';
import { lookingGraph, names, stepGraph, type Classifier } from './classifier-graph.ts';
import type { Features } from './features.ts';
import { droppedUnits } from './head.ts';
import { bestOf, isStuck, type Epoch } from './history.ts';
import type { Photograph } from './photographs.ts';
import { randomOf } from './random.ts';
import { rateAt } from './schedule.ts';
import type { Settings } from './settings.ts';
import { classWeightsOf, targetsOf } from './targets.ts';

/** Photographs with their features. */
interface Prepared {
  readonly photographs: readonly Photograph[];
  readonly features: Features;
}

export interface FitOptions {
  readonly classifier: Classifier;
  readonly train: Prepared;
  readonly validation: Prepared;
  readonly settings: Settings;
  readonly provider: Provider;
  /** Where to start: the first weights, or an earlier training's end. */
  readonly start: Checkpoint;
  readonly signal: AbortSignal;
  /** Told of each epoch as it ends. */
  readonly onEpoch: (epoch: Epoch) => void;
}

/**
 * Trains until the last epoch, or until patience is at an end. Everything random is drawn anew from the seed for each
 * epoch, so that a training that goes on from a checkpoint does what it would have done uninterrupted.
 */
export async function fit(options: FitOptions): Promise<Checkpoint> {
  const { classifier, train, validation, settings, provider, start, signal } = options;
  const { classes } = classifier.head;
  const batch = Math.min(settings.batchSize, train.photographs.length);
  const step = stepGraph(classifier, batch, settings);
  const session = { provider, threads: threadsFor(classifier) };
  const trainer = await openTrainer(step, start, session);
  const looking = await openSession(writeModel(lookingGraph(classifier, batch)), session);
  const targets = targetsOf(settings.labelSmoothing, classes);
  const classWeights = classWeightsOf(settings.classWeights, train.photographs, classes);
  const stepsPerEpoch = Math.ceil(train.photographs.length / batch);
  const course = {
    kind: settings.schedule,
    peak: settings.learningRate,
    steps: stepsPerEpoch * (settings.scheduleEpochs || settings.epochs),
  };
  const room = roomOf(train.features, batch);
  const history = [...start.history];
  let best = start.best;

  const trainOnce = async (epoch: number): Promise<Pick<Epoch, 'loss' | 'accuracy'>> => {
    const random = randomOf(settings.seed, 'epoch', epoch);
    let loss = 0;
    let right = 0;
    const batches = deal(train.photographs, train.features.views, batch, random);
    for (const [index, places] of batches.entries()) {
      signal.throwIfAborted();
      const units = droppedUnits(classifier.head);
      const mask =
        settings.dropout === 0 ? {} : { [names.mask]: maskOf(batch, units, settings.dropout, random) };
      const seen = await trainer.step(
        {
          [names.features]: featuresOf(places, train.features, room),
          ...aimsOf(places, targets, classWeights, batch),
          ...mask,
        },
        rateAt(course, (epoch - 1) * stepsPerEpoch + index),
      );
      loss += (floatOutput(seen, 'loss')[0] ?? Number.NaN) * places.length;
      right += scoreOf(places, floatOutput(seen, names.logits), classes).right;
    }
    const count = train.photographs.length;
    return { loss: loss / count, accuracy: right / count };
  };

  const look = async (): Promise<Pick<Epoch, 'validationLoss' | 'validationAccuracy'>> => {
    let loss = 0;
    let right = 0;
    for (const places of inOrder(validation.photographs, batch)) {
      signal.throwIfAborted();
      const outputs = await looking.run({
        ...trainer.parameters(),
        [names.features]: featuresOf(places, validation.features, room),
      });
      const score = scoreOf(places, floatOutput(outputs, names.logits), classes);
      loss += score.loss;
      right += score.right;
    }
    const count = validation.photographs.length;
    return { validationLoss: loss / count, validationAccuracy: right / count };
  };

  for (let epoch = history.length + 1; epoch <= settings.epochs; epoch++) {
    if (isStuck(history, settings.patience)) break;
    const trained = await trainOnce(epoch);
    const ended: Epoch = { epoch, ...trained, ...(await look()) };
    if (!Number.isFinite(ended.loss) || !Number.isFinite(ended.validationLoss))
      throw new TaskError(`the loss of epoch ${epoch} is not a number: the training diverged`, {
        fix: 'use a lower learningRate',
      });
    history.push(ended);
    if (bestOf(history) === ended) best = copyOf(trainer.parameters());
    options.onEpoch(ended);
  }
  const { parameters, memory, steps } = trainer.state();
  await trainer.close();
  await looking.close();
  return { parameters, memory, steps, history, best };
}

/** More than one thread pays only where there is enough to compute. */
function threadsFor({ trained, head }: Classifier): number {
  return trained === undefined && head.hiddenUnits < 256 ? 1 : availableParallelism();
}

function copyOf(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dims, data }]) => [name, { dims, data: data.slice() }]),
  );
}
