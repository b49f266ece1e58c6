import { component, int, optional, pipeline, type Int } from 'ferrule';

/** Describes a search. */
export const describe = component(
  {},
  ({
    area,
    from,
    note = 'none',
    limits,
  }: {
    area: { name: string; width: number };
    from: Int;
    note?: string;
    limits: readonly number[];
  }): string => `${area.name} from ${from}, ${area.width} km, up to ${Math.max(...limits)}, note: ${note}`,
);

/** Says what a parameter may be: a default of any JSON type, or none. */
export default pipeline(
  'parameters',
  {
    /** Where to look; in templates and tasks its fields are values of their own. */
    area: { name: 'Dell', width: 2.5 },
    /** A whole number: `--param from=3`. */
    from: int(1),
    limits: [0.5, 10],
    /** It may be left out: then the component does without. */
    note: optional<string>(),
  },
  ({ area, from, limits, note }) => {
    const described = describe({ area, from, limits, note });
    const again = describe(
      { area: { name: `near ${area.name}`, width: 1 }, from, limits: [1] },
      { name: 'near' },
    );
    return { text: described.outputs.Output, near: again.outputs.Output };
  },
);
