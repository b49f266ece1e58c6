import { UserError } from '../errors/index.ts';
import { openSession, type Data, type SessionOptions } from './session.ts';
import type { Pack } from './packs.ts';
import { sizeOf } from './tensor.ts';
import { nextName, scalarName, stateName, type TrainingStep } from './training-step.ts';
import { writeModel } from './write-model.ts';

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Data>>;

/** Everything that a training's continuation depends on. */
export interface TrainerState {
  readonly parameters: Tensors;
  /** The optimiser's memory, named `parameter/kind`. */
  readonly memory: Tensors;
  /** Steps done. */
  readonly steps: number;
}

/** Runs a training step again and again, and holds what it changes. */
export interface Trainer {
  /**
   * Does one step.
   * @param inputs what the forward pass takes besides the parameters
   * @param rate the learning rate
   * @returns the outputs that the step's forward pass asked for, with `loss`
   */
  step(inputs: Tensors, rate: number): Promise<Record<string, Data>>;
  /** Views the parameters: valid until the next step, copy them to keep them. */
  parameters(): Tensors;
  /** Copies the whole state. */
  state(): TrainerState;
  close(): Promise<void>;
}

/**
 * Loads a training step and starts it from parameters, or goes on from an earlier state. Two sets of buffers take turns
 * as inputs and outputs, so that a step allocates nothing of the weights' size.
 * @throws UserError FER7002 where a parameter is missing or has another size
 */
export async function openTrainer(
  step: TrainingStep,
  start: { readonly parameters: Tensors; readonly memory?: Tensors; readonly steps?: number },
  options: SessionOptions = {},
): Promise<Trainer> {
  const { optimizer } = step;
  const session = await openSession(writeModel(step.model), options);
  const given = { ...start.memory, ...start.parameters };
  let current: Record<string, Data> = {};
  let spare: Record<string, Data> = {};
  for (const pack of step.packs)
    for (const kind of [undefined, ...optimizer.state]) {
      const name = kind === undefined ? pack.name : stateName(pack.name, kind);
      current[name] = { dims: pack.dims, data: startOf(pack, kind, given) };
      spare[name] = { dims: pack.dims, data: new Float32Array(sizeOf(pack.dims)) };
    }
  let steps = start.steps ?? 0;

  /** Finds the members of all packs, or an optimiser's memories of them, inside the packs' buffers. */
  const members = (kind: string | undefined): Record<string, Data> => {
    const found: Record<string, Data> = {};
    for (const pack of step.packs) {
      const data = current[kind === undefined ? pack.name : stateName(pack.name, kind)]?.data;
      for (const { name, dims, offset } of pack.members)
        if (data !== undefined)
          found[kind === undefined ? name : stateName(name, kind)] = {
            dims,
            data: data.subarray(offset, offset + sizeOf(dims)),
          };
    }
    return found;
  };

  return {
    async step(inputs, rate) {
      const feeds: Record<string, Data> = { ...current, ...inputs };
      const scalars = optimizer.scalarsAt(steps + 1, rate);
      for (const [name, value] of Object.entries(scalars))
        feeds[scalarName(name)] = { dims: [], data: Float32Array.of(value) };
      const into: Record<string, Data> = {};
      for (const [name, place] of Object.entries(spare)) into[nextName(name)] = place;
      const results = await session.run(feeds, into);
      [current, spare] = [spare, current];
      steps++;
      const seen: Record<string, Data> = {};
      for (const name of step.outputs) {
        const value = results[name];
        if (value !== undefined) seen[name] = value;
      }
      return seen;
    },
    parameters: () => members(undefined),
    state: () => ({
      parameters: copyOf(members(undefined)),
      memory: copyOf(Object.assign({}, ...optimizer.state.map(members)) as Record<string, Data>),
      steps,
    }),
    close: () => session.close(),
  };
}

/** Lays out what a pack, or an optimiser's memory of it, starts from; a memory that is not given is zero. */
function startOf(pack: Pack, kind: string | undefined, given: Tensors): Float32Array {
  const whole = new Float32Array(sizeOf(pack.dims));
  for (const { name, dims, offset } of pack.members) {
    const wanted = kind === undefined ? name : stateName(name, kind);
    const data = given[wanted]?.data;
    if (data === undefined && kind !== undefined) continue;
    if (!(data instanceof Float32Array) || data.length !== sizeOf(dims))
      throw new UserError('FER7002', {
        problem: `the training step needs "${wanted}" as float32 [${dims.join(', ')}] to start from`,
      });
    whole.set(data, offset);
  }
  return whole;
}

/** Copies tensors out of buffers that will be written again. */
function copyOf(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dims, data }]) => [name, { dims, data: data.slice() }]),
  );
}
