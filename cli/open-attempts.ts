/** Attempts that outlived their driver: they go on where they were started. */
import type { RunEvent } from '../engine/events.ts';
import { UserError } from '../errors/index.ts';

interface OpenAttempt {
  readonly task: string;
  readonly runner: string;
}

/** Lists the attempts without an end that go on without a driver. */
export function outliving(events: readonly RunEvent[]): readonly OpenAttempt[] {
  const open = new Map<string, OpenAttempt>();
  for (const event of events)
    if (event.kind === 'attempt-started') open.set(event.task, event);
    else if (event.kind === 'attempt-ended') open.delete(event.task);
  // A local attempt ends with its driver.
  return [...open.values()].filter(({ runner }) => runner !== 'local');
}

/**
 * Refuses to go on with a run on a runner that cannot find the attempts of it that may still go on.
 * @throws UserError FER1007
 */
export function refuseOpenElsewhere(events: readonly RunEvent[], runner: string, runId: string): void {
  const [first, ...more] = outliving(events).filter((one) => one.runner !== runner);
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new UserError('FER1007', {
    problem: `${first.task}${others} of ${runId} was started on ${first.runner} and may still run there; the runner ${runner} cannot find it`,
    fix: `go on there: ferrule resume ${runId} --runner ${first.runner}; or start such tasks anew with --force`,
  });
}
