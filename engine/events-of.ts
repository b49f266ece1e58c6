import type { LogEntry, RunEvent } from './events.ts';

/** Reads all events of a run's log, in order; none where there is no such run. */
export async function eventsOf(log: {
  read(from: number): AsyncIterable<LogEntry>;
}): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const entry of log.read(0)) events.push(...entry.events);
  return events;
}
