import { component, forEach, int, pipeline, type Dataset, type Int } from 'ferrule';

/** Makes data. */
export const make = component(
  { image: 'a' },
  (
    _inputs: {
      /** How many. */
      n: Int;
    },
    _out: { data: Dataset },
  ) => {},
);

/** Makes it twice. */
export const inner = pipeline(
  'inner',
  {
    /** How many each time. */
    n: int(1),
  },
  ({ n }) => {
    make({ n });
    return { Output: make({ n }).outputs.data };
  },
);

/** Says what it does. */
export default pipeline(
  'descriptions-in-groups',
  {
    /** How many. */
    n: int(1),
  },
  ({ n }) => {
    forEach([1, 2], (item) => {
      make({ n: item });
      inner({ n });
    });
    inner();
  },
);
