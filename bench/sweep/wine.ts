/** A real training: a network of one hidden layer tells good wines from others; what is searched are its settings. */
import { readFile } from 'node:fs/promises';
import { adam, openTrainer, trainingStep } from '../../onnx/index.ts';
import { randomOf } from '../../sweep/random.ts';
import type { Configuration, Space } from '../../sweep/space.ts';

const batch = 64;
const space: Space = [
  { name: 'rate', dimension: { kind: 'number', low: 1e-4, high: 0.3, log: true } },
  { name: 'units', dimension: { kind: 'integer', low: 2, high: 128, log: true } },
  { name: 'epochs', dimension: { kind: 'integer', low: 1, high: 12, log: false } },
  { name: 'decay', dimension: { kind: 'number', low: 1e-5, high: 0.3, log: true } },
];

/** Reads the table, and gives a function from settings to the log-loss of wines that were not trained on. */
export async function wineTraining(file: string): Promise<{
  readonly name: string;
  readonly space: Space;
  readonly least: number;
  readonly at: (configuration: Configuration) => Promise<number>;
}> {
  const rows = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(';').map(Number));
  const random = randomOf('wine');
  const shuffled = rows
    .map((row) => ({ row, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ row }) => row);
  const width = (rows[0]?.length ?? 1) - 1;
  const means = Array.from(
    { length: width },
    (_, at) => shuffled.reduce((sum, row) => sum + (row[at] ?? 0), 0) / rows.length,
  );
  const spreads = means.map((mean, at) =>
    Math.sqrt(shuffled.reduce((sum, row) => sum + ((row[at] ?? 0) - mean) ** 2, 0) / rows.length),
  );
  const inputs = shuffled.map((row) => means.map((mean, at) => ((row[at] ?? 0) - mean) / (spreads[at] ?? 1)));
  const good = shuffled.map((row) => ((row.at(-1) ?? 0) >= 6 ? 1 : 0));
  const cut = Math.floor(rows.length * 0.7);
  return {
    name: `wines, ${space.length}`,
    space,
    least: 0,
    at: async (configuration) => {
      const [rate, units, epochs, decay] = ['rate', 'units', 'epochs', 'decay'].map((name) =>
        Number(configuration[name]),
      );
      const seeded = randomOf('weights');
      const scaled = (rowCount: number, columns: number): Float32Array =>
        Float32Array.from({ length: rowCount * columns }, () => seeded.normal() / Math.sqrt(rowCount));
      const hidden = units ?? 2;
      const shapes = [
        { name: 'w1', dims: [width, hidden], data: scaled(width, hidden) },
        { name: 'b1', dims: [hidden], data: new Float32Array(hidden) },
        { name: 'w2', dims: [hidden, 1], data: scaled(hidden, 1) },
        { name: 'b2', dims: [1], data: new Float32Array(1) },
      ];
      const step = trainingStep(
        'wine',
        adam({ weightDecay: decay ?? 0 }),
        shapes.map(({ name, dims }) => ({ name, dims })),
        (graph, parameter) => {
          const x = graph.input('x', 'float32', [batch, width]);
          const y = graph.input('y', 'float32', [batch, 1]);
          const first = graph.op('Tanh', [
            graph.op('Add', [graph.op('MatMul', [x, parameter('w1')]), parameter('b1')]),
          ]);
          const logit = graph.op('Add', [graph.op('MatMul', [first, parameter('w2')]), parameter('b2')]);
          const error = graph.op('Sub', [graph.op('Sigmoid', [logit]), y]);
          return { loss: graph.op('ReduceMean', [graph.op('Mul', [error, error])], { keepdims: 0 }) };
        },
      );
      const trainer = await openTrainer(step, {
        parameters: Object.fromEntries(shapes.map(({ name, dims, data }) => [name, { dims, data }])),
      });
      const order = randomOf('order');
      for (let at = 0; at < (epochs ?? 1) * Math.floor(cut / batch); at++) {
        const picked = Array.from({ length: batch }, () => order.below(cut));
        const x = Float32Array.from(picked.flatMap((index) => inputs[index] ?? []));
        const y = Float32Array.from(picked, (index) => good[index] ?? 0);
        await trainer.step(
          { x: { dims: [batch, width], data: x }, y: { dims: [batch, 1], data: y } },
          rate ?? 0.01,
        );
      }
      const trained = trainer.parameters();
      const read = (name: string): Float32Array => Float32Array.from(trained[name]?.data ?? [], Number);
      await trainer.close();
      const [w1, b1, w2, b2] = ['w1', 'b1', 'w2', 'b2'].map(read);
      let loss = 0;
      for (let row = cut; row < rows.length; row++) {
        let logit = b2?.[0] ?? 0;
        for (let unit = 0; unit < hidden; unit++) {
          let sum = b1?.[unit] ?? 0;
          for (let column = 0; column < width; column++)
            sum += (inputs[row]?.[column] ?? 0) * (w1?.[column * hidden + unit] ?? 0);
          logit += Math.tanh(sum) * (w2?.[unit] ?? 0);
        }
        loss += Math.log1p(Math.exp(good[row] === 1 ? -logit : logit));
      }
      const mean = loss / (rows.length - cut);
      // A training that diverged is as bad as a guess that is always wrong.
      return Number.isFinite(mean) ? mean : 10;
    },
  };
}
