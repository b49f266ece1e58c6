import type { Assignment, AttemptKey } from '../engine/ports.ts';
import { UserError } from '../errors/index.ts';
import { attemptFolder } from '../stores/artifacts/attempt-folder.ts';
import { readAssignment } from '../stores/artifacts/attempt-staging.ts';
import type { Root } from '../stores/root.ts';

/**
 * Reads what the driver told an attempt before it started it.
 * @throws UserError FER6081 where it told nothing
 */
export async function assignmentOf(root: Root, attempt: AttemptKey): Promise<Assignment> {
  const assignment = await readAssignment(root, attempt);
  if (assignment !== undefined) return assignment;
  throw new UserError('FER6081', {
    problem: `there is no ${attemptFolder(attempt)}/assignment.json under ${root.uri}`,
    fix: 'the driver writes it before it starts the attempt: see whether both name the same root, and who removed it',
  });
}
