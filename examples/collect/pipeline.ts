import { collect, component, forEach, int, pipeline, type Int, type Model } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

/** Pretends to train on all folds but one. */
export const train = component(
  {},
  async ({ fold, rate }: { fold: Int; rate: number }, out: { model: Model }): Promise<{ score: number }> => {
    await writeFile(out.model.path, `fold ${fold} at ${rate}`);
    return { score: Math.round(100 - fold - Math.abs(rate - 0.1) * 100) };
  },
);

/** Finds the rate with the best scores over all folds. */
export const best = component(
  {},
  async (inputs: {
    rates: readonly number[];
    /** A list of the folds' scores for each rate. */
    scores: readonly (readonly number[])[];
    models: readonly Model[];
  }): Promise<{ rate: number; trained: Int; first: string }> => {
    const sums = inputs.scores.map((folds) => folds.reduce((sum, score) => sum + score, 0));
    const [first] = inputs.models;
    return {
      rate: inputs.rates[sums.indexOf(Math.max(...sums))] ?? 0,
      trained: inputs.models.length,
      first: first === undefined ? '' : await readFile(first.path, 'utf8'),
    };
  },
);

/** Cross-validates: of nested loops, values come out as lists of lists, and artifacts as one flat list. */
export default pipeline(
  'collect',
  { rates: [0.01, 0.1, 0.5], folds: [int(1), int(2)] },
  ({ rates, folds }) => {
    const trained = forEach(rates, (rate) => forEach(folds, (fold) => train({ fold, rate })), {
      name: 'rates',
    });
    const { model, score } = collect(trained);
    const { rate, trained: models, first } = best({ rates, scores: score, models: model }).outputs;
    return { rate, models, first };
  },
);
