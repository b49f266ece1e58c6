import { UserError } from '../errors/index.ts';
import { openSession, type Data, type SessionOptions } from './session.ts';
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
  const memory = step.parameters.flatMap(({ name, dims }) =>
    optimizer.state.map((kind) => ({ name: stateName(name, kind), dims })),
  );
  const everything = [...step.parameters, ...memory];
  let current: Record<string, Data> = {};
  let spare: Record<string, Data> = {};
  for (const { name, dims } of everything) {
    current[name] = { dims, data: startOf(name, dims, { ...start.memory, ...start.parameters }, step) };
    spare[name] = { dims, data: new Float32Array(sizeOf(dims)) };
  }
  let steps = start.steps ?? 0;

  const pick = (names: readonly { readonly name: string }[], copy: boolean): Tensors => {
    const picked: Record<string, Data> = {};
    for (const { name } of names) {
      const found = current[name];
      if (found !== undefined) picked[name] = copy ? { dims: found.dims, data: found.data.slice() } : found;
    }
    return picked;
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
    parameters: () => pick(step.parameters, false),
    state: () => ({ parameters: pick(step.parameters, true), memory: pick(memory, true), steps }),
    close: () => session.close(),
  };
}

function startOf(name: string, dims: readonly number[], given: Tensors, step: TrainingStep): Float32Array {
  const found = given[name];
  const isParameter = step.parameters.some((parameter) => parameter.name === name);
  if (found === undefined && !isParameter) return new Float32Array(sizeOf(dims));
  if (found === undefined || !(found.data instanceof Float32Array) || found.data.length !== sizeOf(dims))
    throw new UserError('FER7002', {
      problem: `the training step needs "${name}" as float32 [${dims.join(', ')}] to start from`,
    });
  return found.data.slice();
}
