import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError, type Model as ModelArtifact } from 'ferrule';
import { floatsOf, type Data, type Tensors, type TrainerState } from 'ferrule/onnx';
import { parametersOf, trainedConstants, type Classifier } from './classifier-graph.ts';
import { firstWeights } from './head.ts';
import type { Epoch } from './history.ts';
import { readTensors, writeTensors } from './safetensors.ts';

/** Where a training stands: all that its continuation depends on. */
export interface Checkpoint extends TrainerState {
  readonly history: readonly Epoch[];
  /** The parameters after the best epoch so far. */
  readonly best: Tensors;
}

/** What must be the same for a checkpoint to be gone on from. */
export interface Identity {
  readonly classes: readonly string[];
  /** Digest of the backbone's file. */
  readonly backbone: string;
  readonly hiddenUnits: number;
  readonly fineTuneBlocks: number;
}

const fileName = 'checkpoint.safetensors';
const bestPrefix = 'best/';

/** Gives the state before the first step: the backbone's own weights, and random ones for the head. */
export function freshStart(classifier: Classifier, seed: number): Checkpoint {
  const parameters: Record<string, Data> = firstWeights(classifier.head, seed);
  for (const constant of trainedConstants(classifier.trained))
    parameters[constant.name] = { dims: constant.dims, data: floatsOf(constant) };
  return { parameters, memory: {}, steps: 0, history: [], best: parameters };
}

/** Writes a checkpoint into a folder. */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  identity: Identity,
): Promise<void> {
  const best = Object.entries(checkpoint.best).map(([name, data]) => [`${bestPrefix}${name}`, data] as const);
  const tensors = { ...checkpoint.parameters, ...checkpoint.memory, ...Object.fromEntries(best) };
  const { history, steps } = checkpoint;
  const metadata = {
    history: JSON.stringify(history),
    identity: JSON.stringify(identity),
    steps: String(steps),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, fileName), writeTensors(tensors, metadata));
}

/**
 * Reads a checkpoint to go on from.
 * @throws TaskError where there is none, or it is of another classifier
 */
export async function loadCheckpoint(
  { path }: ModelArtifact,
  classifier: Classifier,
  identity: Identity,
): Promise<Checkpoint> {
  const { tensors, metadata } = readTensors(await bytesOf(path));
  if (metadata['identity'] !== JSON.stringify(identity))
    throw new TaskError(
      `the checkpoint is of another training: ${metadata['identity'] ?? 'it does not say which'}, and this one is ${JSON.stringify(identity)}`,
      { fix: 'train with the same classes, backbone, hiddenUnits and fineTuneBlocks' },
    );
  const names = parametersOf(classifier).map(({ name }) => name);
  const pick = (wanted: (name: string) => string | undefined): Tensors => {
    const picked: Record<string, Data> = {};
    for (const [name, data] of Object.entries(tensors)) {
      const as = wanted(name);
      if (as !== undefined) picked[as] = data;
    }
    return picked;
  };
  const isBest = (name: string): boolean => name.startsWith(bestPrefix);
  return {
    parameters: pick((name) => (names.includes(name) ? name : undefined)),
    memory: pick((name) => (names.includes(name) || isBest(name) ? undefined : name)),
    best: pick((name) => (isBest(name) ? name.slice(bestPrefix.length) : undefined)),
    steps: Number(metadata['steps'] ?? 0),
    // Written by saveCheckpoint: the identity above says so.
    history: JSON.parse(metadata['history'] ?? '[]') as readonly Epoch[],
  };
}

async function bytesOf(folder: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, fileName));
  } catch (cause) {
    throw new TaskError(`the checkpoint has no ${fileName}`, {
      fix: 'give the checkpoint of an earlier training',
      cause,
    });
  }
}
