import { collect, component, forEach, int, pipeline, type Int } from 'ferrule';

/** Finds the towns that a region has. */
export const towns = component({}, ({ region }: { region: string }): string[] =>
  region === 'coast' ? ['Ardley', 'Brine', 'Cove'] : ['Dell'],
);

/** Guesses how many people live in a town. */
export const count = component({}, ({ town, each }: { town: string; each: Int }): Int => town.length * each);

/** Adds up. */
export const total = component({}, ({ counts }: { counts: readonly Int[] }): Int =>
  counts.reduce((sum, n) => sum + n, 0),
);

/** Joins names to a text. */
export const list = component({}, ({ names }: { names: readonly string[] }): string => names.join(', '));

/** Names a season by its month. */
export const season = component(
  {},
  ({ name, month, year }: { name: string; month: Int; year: Int }): string =>
    `${name} begins in ${year}-${month}`,
);

/** Repeats tasks: for what a task found, two at a time, and for objects that are written out. */
export default pipeline(
  'loops',
  { region: 'coast', people: int(100), year: int(2026) },
  ({ region, people, year }) => {
    const found = towns({ region });
    const counted = forEach(found.outputs.Output, (town) => count({ town, each: people }), {
      parallelism: 2,
    });
    const sum = total({ counts: collect(counted).Output });

    const told = forEach(
      [
        { name: 'spring', month: 3 },
        { name: 'autumn', month: 9 },
      ],
      ({ name, month }) => season({ name, month, year }),
    );
    const seasonsTold = list({ names: collect(told).Output });

    return { people: sum.outputs.Output, seasons: seasonsTold.outputs.Output };
  },
);
