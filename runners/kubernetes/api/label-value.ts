/** Texts of ours as values of labels. */
import { digestOf, hexOf } from '../../../spec/index.ts';

const longest = 63;

/**
 * Makes the value of a label: the text itself where it is one, else what is left of it and a hash of all of it, so
 * that two texts never share a value. At most 63 characters.
 */
export function labelValue(text: string): string {
  if (text.length <= longest && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text)) return text;
  const head = text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, longest - 13)
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  const hash = hexOf(digestOf(text)).slice(0, 12);
  return head === '' ? hash : `${head}-${hash}`;
}

/** Labels and annotations that this runner finds its objects by. */
export const marks = {
  managedBy: 'app.kubernetes.io/managed-by',
  run: 'ferrule.dev/run',
  task: 'ferrule.dev/task',
  attempt: 'ferrule.dev/attempt',
  pipeline: 'ferrule.dev/pipeline',
  role: 'ferrule.dev/role',
  schedule: 'ferrule.dev/schedule',
} as const;

/** Selects the Jobs and pods of one run's attempts. */
export function runSelector(runId: string): string {
  return `${marks.managedBy}=ferrule,${marks.run}=${labelValue(runId)},${marks.attempt}`;
}
