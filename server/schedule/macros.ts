/** KFP's macros in the parameters of recurring runs. */

/** Fills in `[[ScheduledTime]]` and `[[CurrentTime]]`: `20260131093000`, in UTC. */
export function withTimes<Value>(
  parameters: Readonly<Record<string, Value>>,
  due: number,
  now: number,
): Record<string, Value | string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value.replaceAll('[[ScheduledTime]]', digits(due)).replaceAll('[[CurrentTime]]', digits(now))
        : value,
    ]),
  );
}

function digits(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replaceAll(/\D/g, '');
}
