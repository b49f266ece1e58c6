import { and, collect, component, forEach, gte, int, not, pipeline, when, type Int } from 'ferrule';

/** Tells which part of a day's photographs is sharp, and whether the day is complete. */
export const measure = component({}, ({ day }: { day: Int }): { sharp: number; complete: boolean } => ({
  sharp: 1 - day / 10,
  complete: day !== 2,
}));

/** Files a day. */
export const file = component({}, ({ day, shelf }: { day: Int; shelf: string }): string => `${shelf} ${day}`);

/** Joins lines. */
export const join = component({}, ({ lines }: { lines: readonly string[] }): string => lines.join(', '));

/** Keeps the days that are good enough. What decides are values of the run, so that `if` cannot: `when` can. */
export default pipeline(
  'conditions',
  { days: [int(1), int(2), int(3), int(4)], least: 0.65, strict: false },
  ({ days, least, strict }) => {
    const kept = forEach(days, (day) => {
      const { sharp, complete } = measure({ day }).outputs;
      return when(and(gte(sharp, least), complete), () => file({ day, shelf: 'kept' }));
    });
    when(strict, () => file({ day: 0, shelf: 'never' }), { name: 'only if strict' });
    when(not(strict), () => file({ day: 0, shelf: 'not strict' }));
    return { kept: join({ lines: collect(kept).Output }).outputs.Output };
  },
);
