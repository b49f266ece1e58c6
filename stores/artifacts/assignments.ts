import type { Assignment, AttemptKey } from '../../engine/ports.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { attemptFolder } from './attempt-folder.ts';

/** Keeps what attempts that stage for themselves must know as `<attempt>/assignment.json`. */
export function assignmentsIn(objects: ObjectStore): {
  readonly write: (assignment: Assignment) => Promise<void>;
  readonly read: (attempt: AttemptKey) => Promise<Assignment | undefined>;
} {
  const keyOf = (attempt: AttemptKey): string => `${attemptFolder(attempt)}/assignment.json`;
  return {
    async write(assignment) {
      // A driver that takes the run up again would write the same.
      await objects.create(keyOf(assignment.attempt), `${JSON.stringify(assignment)}\n`);
    },
    async read(attempt) {
      const object = await objects.read(keyOf(attempt));
      return object === undefined ? undefined : (JSON.parse(object.content) as Assignment);
    },
  };
}
