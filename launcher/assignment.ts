/** What an attempt was told to do, and where it stands, under the pipeline root. */
import type { Assignment, AttemptKey, AttemptResult, Failure } from '../engine/ports.ts';
import { UserError } from '../errors/index.ts';
import { attemptFolder } from '../stores/artifacts/attempt-folder.ts';
import type { Root } from '../stores/root.ts';

/**
 * Reads the assignment that the driver wrote before it started the attempt.
 * @throws UserError FER6081 where there is none
 */
export async function readAssignment(root: Root, attempt: AttemptKey): Promise<Assignment> {
  const key = `${attemptFolder(attempt)}/assignment.json`;
  const object = await root.objects.read(key);
  if (object === undefined)
    throw new UserError('FER6081', {
      problem: `there is no ${key} under ${root.uri}`,
      fix: 'the driver writes it before it starts the attempt: see whether both name the same root, and who removed it',
    });
  return JSON.parse(object.content) as Assignment;
}

/** Writes a failed result, if there is none; returns the result that is there then. */
export async function keepFailure(root: Root, attempt: AttemptKey, failure: Failure): Promise<AttemptResult> {
  const result: AttemptResult = { kind: 'failed', failure };
  const outcome = await root.objects.create(
    `${attemptFolder(attempt)}/result.json`,
    `${JSON.stringify(result)}\n`,
  );
  return outcome === 'created' ? result : ((await root.artifacts.result(attempt)) ?? result);
}
