import { TaskError } from 'ferrule';
import { readModel } from 'ferrule/onnx';
import { parsePreprocessing, type Preprocessing } from '../images/preprocessing.ts';

/** What a classifier says of itself in its metadata. */
export interface ModelCard {
  /** Names of the classes, in the order of the probabilities. */
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
}

/**
 * Reads labels and preprocessing from an ONNX file's metadata, which ONNX Runtime for Node does not show.
 * @throws TaskError where the bytes are no ONNX model, or a field is missing or malformed
 */
export function readModelCard(bytes: Uint8Array): ModelCard {
  const metadata = readMetadata(bytes);
  return {
    labels: field(metadata, 'labels', parseLabels),
    preprocessing: field(metadata, 'preprocessing', parsePreprocessing),
  };
}

function readMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  try {
    return readModel(bytes).metadata;
  } catch (cause) {
    throw new TaskError('the model is not an ONNX file', { fix: 'give a model that train made', cause });
  }
}

function field<T>(metadata: Readonly<Record<string, string>>, name: string, parse: (text: string) => T): T {
  const text = metadata[name];
  const fix = `write the metadata "${name}" as train does, or give a model that train made`;
  if (text === undefined)
    throw new TaskError(`the model is no classifier of ours: its metadata has no "${name}"`, { fix });
  try {
    return parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError(`the model's metadata "${name}" does not read: ${message}`, { fix, cause });
  }
}

function parseLabels(text: string): readonly string[] {
  const found: unknown = JSON.parse(text);
  if (!Array.isArray(found)) throw new TypeError('not a JSON array');
  const labels = found.filter((label) => typeof label === 'string');
  if (labels.length !== found.length || new Set(labels).size !== labels.length || labels.length < 2)
    throw new TypeError('not at least two different names');
  return labels;
}
