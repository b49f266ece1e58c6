import type { AttemptKey, AttemptResult } from '../../engine/ports.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { attemptFolder } from './attempt-folder.ts';

/** The results of attempts: the first one that is written is the outcome, whoever looks. */
export interface Results {
  readonly read: (attempt: AttemptKey) => Promise<AttemptResult | undefined>;
  /** Writes a result if there is none; gives the one that is there then. */
  readonly keep: (attempt: AttemptKey, result: AttemptResult) => Promise<AttemptResult>;
}

/** Keeps results as `<attempt>/result.json`. */
export function resultsIn(objects: ObjectStore): Results {
  const keyOf = (attempt: AttemptKey): string => `${attemptFolder(attempt)}/result.json`;
  const read = async (attempt: AttemptKey): Promise<AttemptResult | undefined> => {
    const object = await objects.read(keyOf(attempt));
    return object === undefined ? undefined : (JSON.parse(object.content) as AttemptResult);
  };
  return {
    read,
    async keep(attempt, result) {
      const outcome = await objects.create(keyOf(attempt), `${JSON.stringify(result)}\n`);
      return outcome === 'created' ? result : ((await read(attempt)) ?? result);
    },
  };
}
