import type { Data } from 'ferrule/onnx';
import { names } from './classifier-graph.ts';
import type { Features } from './features.ts';
import type { Photograph } from './photographs.ts';
import { shuffled, type Random } from './random.ts';

/** A photograph in a batch, and the view of it. */
export interface Place {
  readonly photograph: number;
  readonly view: number;
  readonly label: number;
}

/** Deals all photographs in a random order, one view of each, into batches; the last may be shorter. */
export function deal(
  photographs: readonly Photograph[],
  views: number,
  batch: number,
  random: Random,
): Place[][] {
  const order = shuffled(photographs.length, random);
  const places = order.map((photograph) => ({
    photograph,
    view: random.below(views),
    label: photographs[photograph]?.label ?? 0,
  }));
  return chunks(places, batch);
}

/** Lists all photographs in their order, as they are. */
export function inOrder(photographs: readonly Photograph[], batch: number): Place[][] {
  return chunks(
    photographs.map(({ label }, photograph) => ({ photograph, view: 0, label })),
    batch,
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Makes room for the features of a batch, [batch, ...dims]. */
export function roomOf(features: Features, batch: number): Data & { readonly data: Float32Array } {
  const dims = [batch, ...features.dims];
  return { dims, data: new Float32Array(dims.reduce((product, dim) => product * dim, 1)) };
}

/** Gathers the features of a batch in the room for it; places left empty are zero. */
export function featuresOf(
  places: readonly Place[],
  features: Features,
  room: ReturnType<typeof roomOf>,
): Data {
  const size = features.dims.reduce((product, dim) => product * dim, 1);
  for (const [row, { photograph, view }] of places.entries())
    room.data.set(features.at(photograph, view), row * size);
  room.data.fill(0, places.length * size);
  return room;
}

/** Gathers targets [batch, classes] and weights [batch, 1] that add up to 1. */
export function aimsOf(
  places: readonly Place[],
  targets: readonly Float32Array[],
  classWeights: Float32Array,
  batch: number,
): Record<string, Data> {
  const classes = classWeights.length;
  const aims = new Float32Array(batch * classes);
  const weights = new Float32Array(batch);
  const total = places.reduce((sum, { label }) => sum + (classWeights[label] ?? 0), 0);
  for (const [row, { label }] of places.entries()) {
    aims.set(targets[label] ?? [], row * classes);
    weights[row] = (classWeights[label] ?? 0) / total;
  }
  return {
    [names.targets]: { dims: [batch, classes], data: aims },
    [names.weights]: { dims: [batch, 1], data: weights },
  };
}

/** Draws a dropout mask: 0 for what is dropped, and for the rest what keeps the mean. */
export function maskOf(batch: number, units: number, share: number, random: Random): Data {
  const kept = 1 / (1 - share);
  const data = new Float32Array(batch * units);
  for (let index = 0; index < data.length; index++) data[index] = random.next() < share ? 0 : kept;
  return { dims: [batch, units], data };
}

/** Counts the rows whose largest logit is their class's, and sums their cross-entropies. */
export function scoreOf(
  places: readonly Place[],
  logits: Float32Array,
  classes: number,
): { readonly right: number; readonly loss: number } {
  let right = 0;
  let loss = 0;
  for (const [row, { label }] of places.entries()) {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const largest = own.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const sum = own.reduce((total, value) => total + Math.exp(value - largest), 0);
    const logit = own[label] ?? 0;
    loss += largest + Math.log(sum) - logit;
    if (own.indexOf(largest) === label) right++;
  }
  return { right, loss };
}
