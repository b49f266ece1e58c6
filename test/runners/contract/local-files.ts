/** Grounds of runners that share this machine's files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt, Runner } from '../../../engine/ports.ts';
import { attemptOf } from '../attempts.ts';
import type { Ground } from './bench.ts';

/**
 * Makes the ground of a runner whose attempts write to places of this machine.
 * @param suit makes an attempt fit for the runner
 */
export function groundOnFiles(
  runner: Runner,
  suit: (attempt: Attempt) => Attempt | Promise<Attempt> = (attempt) => attempt,
): Ground {
  return {
    runner,
    attempt: async (draft) => suit(await attemptOf(draft)),
    start: (attempt, log) => runner.start(attempt, log),
    read: (attempt, output, file = '') =>
      readFile(join(attempt.input.outputs.artifacts?.[output]?.artifacts[0]?.uri ?? '', file), 'utf8').catch(
        () => undefined,
      ),
    close: () => runner.close(),
  };
}
