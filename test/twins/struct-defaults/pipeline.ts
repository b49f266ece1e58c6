import { component, int, pipeline, type Int } from 'ferrule';

interface Shape {
  readonly size: readonly Int[];
  readonly of: { readonly mean: number; readonly flip: boolean };
}
interface Inputs {
  readonly shape?: Shape;
  readonly none?: readonly string[];
  readonly empty?: Record<string, string>;
  readonly grid?: readonly (readonly Int[])[];
}

const usual: Shape = { size: [64, 64], of: { mean: 1 / 2, flip: true } };

export const use = component(
  { image: 'a' },
  ({ shape: _s = usual, none: _n = [], empty: _e = {}, grid: _g = [[1, 2], [3]] }: Inputs) => {},
);

export default pipeline(
  'struct-defaults',
  {
    shape: { size: [int(32), int(32)], of: { mean: 0.25, flip: false } },
    grid: [[int(1)], [int(2), int(3)]],
    rows: [{ a: 'b' }],
  },
  ({ shape, grid }) => {
    use({});
    use({ shape, grid });
  },
);
