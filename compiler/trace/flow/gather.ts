/** Takes values out of branches and loops: `oneOf` and `collect`. */
import { parameterTypeOf, type PortType } from '../../interfaces/component-interface.ts';
import { typeText } from '../../interfaces/value-type.ts';
import { isPlainObject } from '../../options/option-reader.ts';
import type { FlowSurroundings } from './flow-group.ts';
import { gatheringOf, type Gathering } from './gatherings.ts';
import { refOf, refText, wholeOf, type RefObject } from '../ref.ts';
import { homeOf, isMadeIn } from './scope.ts';
import { groupPath, type BranchesGroup, type ConditionGroup, type LoopGroup } from './traced-group.ts';

type Branches = Extract<Gathering, { kind: 'branches' }>;

export class Gather {
  readonly #to: FlowSurroundings;
  readonly #choices = new Map<BranchesGroup, number>();

  constructor(to: FlowSurroundings) {
    this.#to = to;
  }

  /** Gives a Ref, or an object of Refs that are made when they are asked for. */
  oneOf(given: unknown): unknown {
    const branches = gatheringOf(given);
    if (branches?.kind !== 'branches') {
      this.#fault(
        branches?.kind === 'when'
          ? 'oneOf() is given branches of which none may run'
          : 'oneOf() needs what when(...).otherwise(...) gives',
        'end them with .otherwise(() => ...)',
      );
      return this.#broken();
    }
    return this.#chosen(branches);
  }

  #chosen(branches: Branches): unknown {
    const given = branches.returned.map(({ returned }) => returned);
    if (given.some((value) => this.#to.isBroken(value))) return this.#broken();
    if (given.every((value) => refOf(value) !== undefined))
      return this.#choice(
        branches,
        given.flatMap((value) => refOf(value) ?? []),
      );
    const records = given.map((value) => this.#recordOf(value));
    if (records.includes(undefined)) {
      this.#fault(
        'the branches do not all give the same for oneOf()',
        'let each function give a task, an output, or an object of outputs with the same names',
      );
      return this.#broken();
    }
    const known = records.filter((record) => record !== undefined);
    return lazily(known[0]?.names ?? [], (name) => {
      const refs = known.map((record) => record.get(name));
      const missing = refs.findIndex((ref) => ref === undefined);
      if (missing < 0)
        return this.#choice(
          branches,
          refs.filter((ref) => ref !== undefined),
        );
      this.#fault(
        `the ${ordinal(missing + 1)} branch gives no "${name}" for oneOf()`,
        'let all branches give the same names',
      );
      return this.#broken();
    });
  }

  #choice({ group, returned }: Branches, choices: readonly RefObject[]): object {
    const [first] = choices;
    if (first === undefined || choices.some(({ type }) => type === undefined)) return this.#broken();
    for (const [index, choice] of choices.entries()) {
      const branch = returned[index]?.group;
      if (branch === undefined || this.#canLeave(choice, branch, 'oneOf')) continue;
      return this.#broken();
    }
    const type = commonType(choices);
    if (type === undefined) {
      this.#fault(
        `the branches give values of several types for oneOf(): ${choices.map((ref) => `${refText(ref)} is ${ref.type === undefined ? '' : typeText(ref.type)}`).join(', ')}`,
        'let them give the same type',
      );
      return this.#broken();
    }
    const index = (this.#choices.get(group) ?? 0) + 1;
    this.#choices.set(group, index);
    return this.#to.ref({ kind: 'oneOf', branches: group, index, choices }, type);
  }

  /** Gives a Ref to a list, or an object of them that are made when they are asked for. */
  collect(given: unknown): unknown {
    const loop = gatheringOf(given);
    if (loop?.kind === 'loop') return this.#collected(loop.group, loop.returned);
    this.#fault('collect() needs what forEach() gives', 'write: const loop = forEach(...); collect(loop)');
    return this.#broken();
  }

  #collected(loop: LoopGroup, returned: unknown): unknown {
    if (this.#to.isBroken(returned)) return this.#broken();
    const inner = gatheringOf(returned);
    if (inner?.kind === 'loop') return this.#collected(loop, this.#collected(inner.group, inner.returned));
    if (inner?.kind === 'branches') return this.#collected(loop, this.#chosen(inner));
    if (inner?.kind === 'when') return this.#collected(loop, inner.returned);
    const ref = refOf(returned);
    if (ref !== undefined) return this.#list(loop, ref);
    const record = this.#recordOf(returned);
    if (record === undefined) {
      this.#fault(
        'the function of the loop gives nothing that collect() could take',
        'let it give a task, an output, or an object of outputs',
      );
      return this.#broken();
    }
    return lazily(record.names, (name) => {
      const found = record.get(name);
      return found === undefined ? undefined : this.#list(loop, found);
    });
  }

  #list(loop: LoopGroup, of: RefObject): object {
    const { type } = of;
    if (type === undefined || !this.#canLeave(of, loop, 'collect')) return this.#broken();
    return this.#to.ref(
      { kind: 'collected', loop, of },
      type.kind === 'artifact' ? { ...type, list: true } : { kind: 'list', element: type },
    );
  }

  /** Reports what cannot leave its group: KFP lets a group give only whole outputs of what runs in it. */
  #canLeave(ref: RefObject, group: ConditionGroup | LoopGroup, taker: string): boolean {
    const { whole, fields } = wholeOf(ref);
    if (!isMadeIn(whole, group)) {
      this.#fault(
        `${taker}() takes ${refText(ref)}, which is not made by a task in the ${group.kind === 'loop' ? 'loop' : 'branch'}`,
        'give back an output of a task that runs inside',
      );
      return false;
    }
    if (fields.length > 0) {
      this.#fault(
        `${taker}() takes ${refText(ref)}: only whole outputs can leave a loop or branch`,
        'take the whole output, or let a task give the field by itself',
      );
      return false;
    }
    const home = homeOf(whole);
    const path = home === undefined ? [] : groupPath(home);
    const between = path.slice(path.indexOf(group) + 1);
    const wall = between.find(
      (inner) =>
        inner.kind === 'loop' ||
        inner.kind === 'branches' ||
        (inner.kind === 'condition' && taker === 'oneOf'),
    );
    if (wall === undefined) return true;
    this.#fault(
      `${taker}() takes ${refText(ref)}, which is made in ${wall.kind === 'loop' ? 'a loop' : 'branches'} further inside`,
      wall.kind === 'loop'
        ? 'take its list first: collect(inner)'
        : 'take the one that ran first: oneOf(branches)',
    );
    return false;
  }

  /** What can be asked for by name: the outputs of a task, or an object of Refs. */
  #recordOf(value: unknown): NamedRefs | undefined {
    const task = this.#to.taskOf(value);
    if (task !== undefined && isPlainObject(value)) {
      const outputs: unknown = value['outputs'];
      return {
        names: task.component.outputs.map(({ name }) => name),
        get: (name) => refOf(Reflect.get(outputs as object, name)),
      };
    }
    if (!isPlainObject(value)) return undefined;
    const names = Object.keys(value);
    if (names.length === 0 || names.some((name) => refOf(value[name]) === undefined)) return undefined;
    return { names, get: (name) => refOf(value[name]) };
  }

  #broken(): object {
    return this.#to.ref({ kind: 'broken' }, undefined);
  }

  #fault(problem: string, fix: string): void {
    const { context } = this.#to;
    context.diagnostics.add('FER2032', { at: context.callPlace()(), problem, fix });
  }
}

interface NamedRefs {
  readonly names: readonly string[];
  get(name: string): RefObject | undefined;
}

/** An object whose fields are made when they are first asked for: what nobody uses shall not be in the spec. */
function lazily(names: readonly string[], make: (name: string) => unknown): object {
  const made = {};
  for (const name of names)
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = make(name);
        Object.defineProperty(made, name, { enumerable: true, value });
        return value;
      },
    });
  return made;
}

/** The type of a value that is one of several; undefined where KFP would not take them for the same. */
function commonType(choices: readonly RefObject[]): PortType | undefined {
  const types = choices.flatMap(({ type }) => type ?? []);
  const [first] = types;
  if (first === undefined) return undefined;
  if (types.every((type) => JSON.stringify(type) === JSON.stringify(first))) return first;
  if (first.kind === 'artifact' || types.some((type) => type.kind === 'artifact')) return undefined;
  const [kind, ...others] = new Set(
    types.flatMap((type) => (type.kind === 'artifact' ? [] : parameterTypeOf(type))),
  );
  if (others.length > 0) return undefined;
  switch (kind) {
    case 'STRING':
      return { kind: 'string' };
    case 'LIST':
      return { kind: 'list', element: { kind: 'any' } };
    default:
      return { kind: 'struct' };
  }
}

function ordinal(count: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][count - 1] ?? `${count}th`;
}
