import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from 'ferrule';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Pixels } from '../images/decode.ts';
import type { Preprocessing } from '../images/preprocessing.ts';
import { readModelCard } from './model-card.ts';

/** A trained classifier, ready to be asked. */
export interface Classifier {
  /** Names of the classes, in the order of the probabilities. */
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Gives each picture's probabilities, one a label. The pictures have the size of the preprocessing. */
  predict(pictures: readonly Pixels[]): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** The file inside a model's folder. */
const fileName = 'classifier.onnx';

/** Loads a classifier, hands it to `work`, and frees its memory whatever came of that: workers live on. */
export async function withClassifier<T>(
  folder: string,
  work: (classifier: Classifier) => Promise<T>,
): Promise<T> {
  const classifier = await loadClassifier(folder);
  try {
    return await work(classifier);
  } finally {
    await classifier.close();
  }
}

/**
 * Loads `classifier.onnx` from a model's folder: pixels [N, height, width, 3] of 8 bits in, probabilities [N, classes]
 * out, labels and preprocessing in its metadata.
 * @throws TaskError where there is no such file, or it is no such classifier
 */
async function loadClassifier(folder: string): Promise<Classifier> {
  const bytes = await readModelFile(folder);
  const { labels, preprocessing } = readModelCard(bytes);
  const session = await sessionOf(bytes);
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  const type = session.inputMetadata.map((value) => (value.isTensor ? value.type : 'none'));
  if (input === undefined || output === undefined || type.join() !== 'uint8')
    throw noClassifier(`it takes ${type.join(', ') || 'nothing'}, not one tensor of 8-bit pixels`);
  const { width, height } = preprocessing;
  return {
    labels,
    preprocessing,
    async predict(pictures) {
      const size = width * height * 3;
      const pixels = new Uint8Array(pictures.length * size);
      for (const [index, picture] of pictures.entries()) pixels.set(picture.data, index * size);
      const fed = new Tensor('uint8', pixels, [pictures.length, height, width, 3]);
      const { [output]: given } = await session.run({ [input]: fed }).catch((cause: unknown) => {
        throw noClassifier(cause instanceof Error ? cause.message : String(cause));
      });
      return rowsOf(given, pictures.length, labels.length);
    },
    close: () => session.release(),
  };
}

async function readModelFile(folder: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, fileName));
  } catch (cause) {
    throw new TaskError(`the model has no ${fileName}`, {
      fix: `give a model that train made: a folder that holds ${fileName}`,
      cause,
    });
  }
}

async function sessionOf(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    // Threads that spin while they wait would halve the throughput of the decoders beside them.
    return await InferenceSession.create(bytes, {
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw noClassifier(cause instanceof Error ? cause.message : String(cause));
  }
}

function rowsOf(given: Tensor | undefined, rows: number, columns: number): Float32Array[] {
  const found = `${given?.type ?? 'nothing'} [${given?.dims.join(', ') ?? ''}]`;
  if (given === undefined || given.type !== 'float32' || given.dims.join() !== `${rows},${columns}`)
    throw noClassifier(
      `for ${rows} pictures and ${columns} labels it gives ${found}, not float32 [${rows}, ${columns}]`,
    );
  const { data } = given;
  if (!(data instanceof Float32Array)) throw noClassifier('its output is not made of 32-bit numbers');
  const probabilities = data;
  return Array.from({ length: rows }, (_, row) => {
    const own = probabilities.slice(row * columns, (row + 1) * columns);
    const total = own.reduce((sum, value) => sum + value, 0);
    if (!(Math.abs(total - 1) < 1e-3))
      throw noClassifier(`its output for a picture sums to ${total}: these are no probabilities`);
    return own;
  });
}

function noClassifier(problem: string): TaskError {
  return new TaskError(`${fileName} is no image classifier: ${problem}`, {
    fix: 'give a model that train made',
  });
}
