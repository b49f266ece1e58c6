import type { GraphBuilder, Value } from './builder.ts';
import { sizeOf } from './tensor.ts';

/** What is trained: a name and a shape. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  /** The share of the learning rate it takes. @default 1 */
  readonly rate?: number;
}

/**
 * Parameters that are updated together. Small ones lie one after the other in one list of numbers: an update is a dozen
 * operations, and for a bias each of them costs more than the arithmetic.
 */
export interface Pack {
  readonly name: string;
  readonly dims: readonly number[];
  readonly rate: number;
  /** Whether weight decay applies: to matrices and kernels, not to biases. */
  readonly decays: boolean;
  readonly members: readonly (Parameter & { readonly offset: number })[];
}

/** The most elements of a parameter that is packed with others. */
const small = 2 ** 14;

/**
 * Packs parameters: small ones of the same rate together, each of the others alone.
 * @param apart whether matrices and biases are kept apart, since only the former decay
 */
export function packsOf(parameters: readonly Parameter[], apart: boolean): readonly Pack[] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const { name, dims, rate = 1 } = parameter;
    const key = sizeOf(dims) > small ? `alone ${name}` : `together ${rate} ${apart && dims.length > 1}`;
    groups.set(key, [...(groups.get(key) ?? []), parameter]);
  }
  return [...groups.values()].map(packOf);
}

function packOf(parameters: readonly Parameter[], index: number): Pack {
  let size = 0;
  const members = parameters.map((parameter) => {
    const offset = size;
    size += sizeOf(parameter.dims);
    return { ...parameter, offset };
  });
  const [first] = members;
  return Object.freeze({
    name: `pack/${index}`,
    dims: members.length === 1 && first !== undefined ? first.dims : [size],
    rate: first?.rate ?? 1,
    decays: (first?.dims.length ?? 1) > 1,
    members,
  });
}

/** Takes a pack apart: gives its members by name. */
export function membersOf(
  graph: GraphBuilder,
  pack: Pack,
  whole: Value,
): readonly (readonly [string, Value])[] {
  if (pack.members.length === 1) return pack.members.map(({ name }) => [name, whole]);
  return pack.members.map(({ name, dims, offset }) => {
    const bounds = [graph.ints([offset]), graph.ints([offset + sizeOf(dims)]), graph.ints([0])];
    return [name, graph.op('Reshape', [graph.op('Slice', [whole, ...bounds]), graph.ints(dims)])];
  });
}

/** Puts values in the shapes of a pack's members one after the other. */
export function packed(graph: GraphBuilder, pack: Pack, values: readonly Value[]): Value {
  const [only] = values;
  if (pack.members.length === 1 && only !== undefined) return only;
  const lists = values.map((value) => graph.op('Reshape', [value, graph.ints([-1])]));
  return graph.op('Concat', lists, { axis: 0 });
}
