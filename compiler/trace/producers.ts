/** Follows a Ref to the tasks that its value comes from. */
import type { RefObject } from './ref.ts';
import type { TracedTask } from './traced-task.ts';

/** The tasks that must have ended before a Ref has a value. */
export function producersOf(ref: RefObject): TracedTask[] {
  const { source } = ref;
  switch (source.kind) {
    case 'output':
      return [source.task];
    case 'field':
    case 'collected':
      return producersOf(source.of);
    case 'oneOf':
      return source.choices.flatMap((choice) => producersOf(choice));
    case 'item':
      return source.loop.items.kind === 'ref' ? producersOf(source.loop.items.ref) : [];
    default:
      return [];
  }
}
