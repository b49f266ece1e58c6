/** Running graphs on ONNX Runtime, which is loaded when the first graph runs. */
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { InfrastructureError, UserError, messageOf } from '../errors/index.ts';
import type { Provider } from './provider.ts';

type Runtime = typeof OnnxRuntime;

/** A tensor that goes into a graph or comes out of one: data in row-major order with its shape. */
export interface Data {
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array;
}

/** A graph that is loaded and ready to run. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the graph.
   * @param into memory for outputs, written in place: saves the allocation where the same graph runs many times
   * @throws UserError FER7007 where inputs do not fit the graph
   */
  run(
    inputs: Readonly<Record<string, Data>>,
    into?: Readonly<Record<string, Data>>,
  ): Promise<Record<string, Data>>;
  /** Frees the memory of the graph. */
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Where to run. @default 'cpu' */
  readonly provider?: Provider;
  /** Threads inside one operation. @default 1 */
  readonly threads?: number;
}

let loading: Promise<Runtime> | undefined;

/** Loads ONNX Runtime. */
function runtime(): Promise<Runtime> {
  loading ??= import('onnxruntime-node').then((loaded) => {
    // The package is CommonJS: bundled or not, its exports are found in one of two places.
    const found = 'InferenceSession' in loaded ? loaded : (loaded as { default: Runtime }).default;
    // What fails is thrown, and said by whoever catches it; a second message on the console only confuses.
    found.env.logLevel = 'fatal';
    return found;
  });
  return loading;
}

/**
 * Loads a graph from the bytes of an ONNX file or from its path.
 * @throws UserError FER7007 where ONNX Runtime refuses it
 */
export async function openSession(
  model: Uint8Array | string,
  options: SessionOptions = {},
): Promise<Session> {
  const ort = await runtime();
  const session = await create(ort, model, options);
  const known = session.outputNames;
  return {
    inputs: session.inputNames,
    outputs: known,
    async run(inputs, into = {}) {
      const feeds: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(inputs)) feeds[name] = tensorOf(ort, value);
      const fetches: Record<string, Tensor | null> = {};
      for (const name of known) {
        const place = into[name];
        fetches[name] = place === undefined ? null : tensorOf(ort, place);
      }
      const results = await attempt(() => session.run(feeds, fetches));
      const outputs: Record<string, Data> = {};
      for (const name of known) {
        const result = results[name];
        if (result !== undefined) outputs[name] = dataOf(name, result);
      }
      return outputs;
    },
    close: () => session.release(),
  };
}

async function create(
  ort: Runtime,
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: options.provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Threads that spin while they wait take the cores from whoever decodes pictures.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  return attempt(() =>
    typeof model === 'string'
      ? ort.InferenceSession.create(model, settings)
      : ort.InferenceSession.create(model, settings),
  );
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const text = messageOf(cause);
    if (/alloc|out of memory/i.test(text))
      throw new InfrastructureError('FER7007', {
        problem: `ONNX Runtime ran out of memory: ${text}`,
        fix: 'use a smaller batch',
        retryable: false,
        cause,
      });
    throw new UserError('FER7007', { problem: `ONNX Runtime cannot run the graph: ${text}`, cause });
  }
}

function tensorOf(ort: Runtime, { data, dims }: Data): Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
  if (data instanceof Uint8Array) return new ort.Tensor('uint8', data, dims);
  if (data instanceof Int32Array) return new ort.Tensor('int32', data, dims);
  return new ort.Tensor('int64', data, dims);
}

function dataOf(name: string, { data, dims }: Tensor): Data {
  if (
    data instanceof Float32Array ||
    data instanceof Uint8Array ||
    data instanceof Int32Array ||
    data instanceof BigInt64Array
  )
    return { data, dims };
  throw new UserError('FER7001', {
    problem: `the output "${name}" has an element type that is not supported`,
  });
}

/**
 * Finds float32 data among a graph's outputs.
 * @throws UserError FER7005 where there is none of that name and type
 */
export function floatOutput(outputs: Readonly<Record<string, Data>>, name: string): Float32Array {
  const found = outputs[name]?.data;
  if (found instanceof Float32Array) return found;
  throw new UserError('FER7005', { problem: `the graph has no float32 output "${name}"` });
}
