import { component, pipeline, type Dataset, type Int } from 'ferrule';

interface Inputs {
  /** Where the photographs are. */
  readonly bucket: string;
  /** How many of them. */
  readonly count?: Int;
}

/** Fetches photographs. */
export const fetch = component(
  { image: 'a' },
  ({ bucket, count = 3 }: Inputs, _out: { data: Dataset }) => void [bucket, count],
);

/** Fetches photographs, twice. */
export default pipeline(
  'descriptions',
  {
    /** The bucket: its name. */
    bucket: 'b',
    plain: 'p',
  },
  ({ bucket, plain }) => {
    fetch({ bucket });
    fetch({ bucket: plain });
  },
);
