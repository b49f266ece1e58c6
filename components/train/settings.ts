import { TaskError } from 'ferrule';

/** How to train: the component's parameters. */
export interface Settings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly schedule: 'cosine' | 'step' | 'constant';
  readonly scheduleEpochs: number;
  readonly dropout: number;
  readonly labelSmoothing: number;
  readonly classWeights: 'none' | 'balanced';
  readonly hiddenUnits: number;
  readonly weightDecay: number;
  readonly augment: boolean;
  readonly fineTuneBlocks: number;
  readonly patience: number;
  readonly seed: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole?: boolean;
}

const ranges: Readonly<Partial<Record<keyof Settings, Range>>> = {
  epochs: { from: 1, to: 10_000, whole: true },
  batchSize: { from: 1, to: 4096, whole: true },
  learningRate: { from: 0, to: 10 },
  scheduleEpochs: { from: 0, to: 10_000, whole: true },
  dropout: { from: 0, to: 0.95 },
  labelSmoothing: { from: 0, to: 0.9 },
  hiddenUnits: { from: 0, to: 16_384, whole: true },
  weightDecay: { from: 0, to: 10 },
  fineTuneBlocks: { from: 0, to: 1000, whole: true },
  patience: { from: 0, to: 10_000, whole: true },
};

/**
 * Checks that each number lies where it means something.
 * @throws TaskError naming the first that does not
 */
export function checkSettings(settings: Settings): Settings {
  for (const [name, value] of Object.entries(settings)) {
    const range = Object.entries(ranges).find(([known]) => known === name)?.[1];
    if (range === undefined || typeof value !== 'number') continue;
    const { from, to, whole = false } = range;
    if (value >= from && value <= to && (!whole || Number.isInteger(value))) continue;
    throw new TaskError(`${name} is ${value}`, {
      fix: `give a ${whole ? 'whole ' : ''}number from ${from} to ${to}`,
    });
  }
  return settings;
}
