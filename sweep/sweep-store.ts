/** Keeps sweeps under a pipeline root as `sweeps/<id>/{spec.json,log/}`: the log's entries are created, never changed. */
import { InfrastructureError, messageOf, UserError } from '../errors/index.ts';
import type { CompiledPipeline } from '../spec/index.ts';
import { sweepLogVersion, type SweepEvent } from './events.ts';

/** Small objects under the root, as far as sweeps need them. */
export interface SweepObjects {
  read(key: string): Promise<{ readonly content: string } | undefined>;
  /** Writes an object whole, if there is none. */
  create(key: string, content: string): Promise<'created' | 'exists'>;
  names(folder: string): Promise<readonly string[]>;
}

export interface SweepStore {
  /** Makes a sweep; `exists` where the id is taken. */
  create(sweepId: string, compiled: CompiledPipeline): Promise<'created' | 'exists'>;
  /** Reads the pipeline of a sweep; undefined where there is no such sweep. */
  spec(sweepId: string): Promise<CompiledPipeline | undefined>;
  /** Reads what happened, in order. Entry number n is event n. */
  events(sweepId: string): Promise<readonly SweepEvent[]>;
  /** Writes the event with a number, if there is none: the first of two drivers wins. */
  append(sweepId: string, number: number, event: SweepEvent): Promise<'appended' | 'conflict'>;
  /** Lists the sweeps by id. */
  list(): Promise<readonly string[]>;
}

export function sweepStore(objects: SweepObjects): SweepStore {
  const keyOf = (sweepId: string, number: number): string =>
    `sweeps/${sweepId}/log/${String(number).padStart(8, '0')}.json`;
  return {
    create: (sweepId, compiled) => objects.create(`sweeps/${sweepId}/spec.json`, JSON.stringify(compiled)),
    async spec(sweepId) {
      const object = await objects.read(`sweeps/${sweepId}/spec.json`);
      return object === undefined ? undefined : (JSON.parse(object.content) as CompiledPipeline);
    },
    async events(sweepId) {
      const names = await objects.names(`sweeps/${sweepId}/log`);
      const keys = names
        .filter((name) => /^\d{8}\.json$/.test(name))
        .map((_, number) => keyOf(sweepId, number));
      const found = await Promise.all(keys.map(async (key) => readEvent(await objects.read(key), key)));
      return found;
    },
    async append(sweepId, number, event) {
      const entry = { version: sweepLogVersion, ...event };
      const outcome = await objects.create(keyOf(sweepId, number), `${JSON.stringify(entry)}\n`);
      return outcome === 'created' ? 'appended' : 'conflict';
    },
    list: () => objects.names('sweeps'),
  };
}

function readEvent(object: { readonly content: string } | undefined, key: string): SweepEvent {
  let entry: SweepEvent & { readonly version: number };
  try {
    if (object === undefined) throw new Error('it is not there');
    entry = JSON.parse(object.content) as SweepEvent & { readonly version: number };
  } catch (error) {
    throw new InfrastructureError('FER9107', {
      problem: `the log entry ${key} does not read: ${messageOf(error)}`,
      fix: 'a power cut may have cut it: remove the file if it is the last of its folder, and resume the sweep',
      retryable: false,
      cause: error,
    });
  }
  if (entry.version > sweepLogVersion)
    throw new UserError('FER9107', {
      problem: `the log entry ${key} has version ${entry.version}; this Ferrule reads up to ${sweepLogVersion}`,
      fix: 'use the newer Ferrule that wrote it',
    });
  return entry;
}
