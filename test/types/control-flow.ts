/** Branches, loops and exit tasks that TypeScript must refuse, each where it is written. */
import {
  and,
  collect,
  component,
  eq,
  forEach,
  gt,
  int,
  lt,
  not,
  onExit,
  oneOf,
  or,
  pipeline,
  required,
  when,
  type Dataset,
  type FinalStatus,
  type Int,
  type Model,
} from 'ferrule';

export const take = component({}, (_inputs: { n: Int }): Int => 1);
export const scale = component(
  {},
  (_inputs: { x: number; mode?: 'a' | 'b' }, _out: { data: Dataset }): string => '',
);
export const total = component({}, (_inputs: { values: readonly Int[] }): number => 1);
export const table = component({}, (_inputs: { rows: readonly (readonly Int[])[] }) => {});
export const merge = component({}, (_inputs: { parts: readonly Dataset[] }, _out: { model: Model }) => {});
export const check = component({}, (_inputs: { data: Dataset }): boolean => true);
export const list = component({}, (): { name: string; size: Int; more?: { z: number } }[] => []);
export const told = component({}, (_inputs: { text: string; status: FinalStatus }) => {});
export const say = component({}, (_inputs: { text: string }): string => '');

const seasons = [
  { name: 'spring', month: 3 },
  { name: 'autumn', month: 9 },
];

// What may be written.
export const good = pipeline(
  'good',
  {
    n: int(1),
    rate: 0.5,
    mode: required<'a' | 'b'>(),
    sizes: [int(1)],
    parts: required<readonly Dataset[]>(),
    settings: { depth: int(3), name: 'x', inner: { deep: true } },
  },
  ({ n, rate, mode, sizes, parts, settings }) => {
    const end = told({ text: `ended ${mode}` });
    return onExit(end, () => {
      const loop = forEach([1, 2, 3], (item) => {
        scale({ x: item, mode: 'a' });
        return take({ n: item });
      });
      total({ values: collect(loop).Output });
      const rows = forEach(sizes, (size) =>
        forEach(['a', 'b'], (m) => {
          scale({ x: rate, mode: m });
          return take({ n: size });
        }),
      );
      table({ rows: collect(rows).Output });
      merge({ parts: collect(forEach(sizes, () => forEach([0.5], (x) => scale({ x })))).data });
      forEach(parts, (data) => check({ data }));
      forEach(list().outputs.Output, (entry) => {
        take({ n: entry.size });
        scale({ x: entry.more.z });
        say({ text: `${entry.name}` });
      });
      forEach(
        [
          { a: 1, b: 'x' },
          { a: 2, b: 'y' },
        ],
        ({ a, b }) => {
          take({ n: a });
          say({ text: b });
        },
      );
      forEach([[1, 2], [3]], (values) => total({ values }));
      forEach(seasons, ({ month, name }) => {
        take({ n: month });
        say({ text: name });
      });
      take({ n: settings.depth });
      when(settings.inner.deep, () => say({ text: settings.name })).otherwise(() => {
        take({ n });
      });
      when(and(gt(rate, 0.5), or(eq(mode, 'a'), not(lt(n, rate)))), () => take({ n }));
      when(eq(3, n), () => take({ n }));
      const chosen = oneOf(
        when(eq(mode, 'a'), () => take({ n }))
          .elseWhen(eq(settings.name, 'x'), () => take({ n: 2 }))
          .otherwise(() => take({ n: 3 })),
      );
      take({ n: chosen.Output });
      return { last: chosen.Output };
    });
  },
);

// What may not.
export const bad = pipeline(
  'bad',
  { n: int(1), rate: 0.5, mode: required<'a' | 'b'>(), sizes: [int(1)], name: 'x', flag: true },
  ({ n, rate, mode, sizes, name, flag }) => {
    const made = scale({ x: 1 });
    // @ts-expect-error a number compared with a text
    eq(n, 'three');
    // @ts-expect-error a text compared with a number
    eq(name, 3);
    // @ts-expect-error two Refs of different kinds
    gt(n, name);
    // @ts-expect-error two constants
    eq(1, 2);
    // @ts-expect-error a text that the choice does not have
    eq(mode, 'c');
    // @ts-expect-error booleans have no order
    gt(flag, true);
    // @ts-expect-error a list has no comparison
    eq(sizes, 1);
    // @ts-expect-error an artifact has no comparison
    eq(made.outputs.data, 'x');
    // @ts-expect-error a constant is no condition
    when(true, () => take({ n }));
    // @ts-expect-error a number is no condition
    when(n, () => take({ n }));
    // @ts-expect-error a text is no condition
    and(eq(n, 1), name);
    // @ts-expect-error the function of a branch cannot be async
    when(flag, async () => take({ n }));
    const either = when(flag, () => take({ n })).otherwise(() => take({ n }));
    // @ts-expect-error nothing can follow otherwise
    either.elseWhen(flag, () => take({ n }));
    // @ts-expect-error branches of which none may run
    oneOf(when(flag, () => take({ n })));
    // @ts-expect-error a branch that gives nothing
    oneOf(when(flag, () => take({ n })).otherwise(() => {}));
    // @ts-expect-error a text where the branches give a number
    say({ text: oneOf(either).Output });
    // @ts-expect-error an output that the branches do not give
    void oneOf(either).data;
    // @ts-expect-error a number is no list
    forEach(n, () => take({ n }));
    // @ts-expect-error one artifact is no list
    forEach(made.outputs.data, (data) => check({ data }));
    // @ts-expect-error a text in place of a number
    forEach(['a'], (item) => take({ n: item }));
    // @ts-expect-error numbers that are not whole
    forEach([0.5], (item) => take({ n: item }));
    // @ts-expect-error a field that the items do not have
    forEach([{ a: 1 }], (item) => take({ n: item.b }));
    // @ts-expect-error a choice that does not exist
    forEach(['a', 'c'], (item) => scale({ x: rate, mode: item }));
    // @ts-expect-error the function of a loop cannot be async
    forEach(sizes, async (size) => take({ n: size }));
    // @ts-expect-error an option that does not exist
    forEach(sizes, (size) => take({ n: size }), { limit: 2 });
    const loop = forEach(sizes, (size) => take({ n: size }));
    // @ts-expect-error a loop is no list
    forEach(loop, () => take({ n }));
    // @ts-expect-error a loop that gives nothing
    collect(forEach(sizes, (size) => void take({ n: size })));
    // @ts-expect-error a list in place of one value
    take({ n: collect(loop).Output });
    // @ts-expect-error a list of lists in place of a list
    total({ values: collect(forEach(sizes, () => forEach(sizes, (size) => take({ n: size })))).Output });
    // @ts-expect-error a list in place of one artifact
    check({ data: collect(forEach(sizes, () => scale({ x: rate }))).data });
    // @ts-expect-error branches are no loop
    collect(when(flag, () => take({ n })));
    // @ts-expect-error a final status is never passed
    told({ text: 'x', status: name });
    // @ts-expect-error an exit task is a task, not its output
    onExit(made.outputs.data, () => take({ n }));
    // @ts-expect-error onExit needs a function
    onExit(made, take({ n }));
    // @ts-expect-error a field of a number
    void n.value;
    // @ts-expect-error whether to ignore failures is no text
    take({ n }, { ignoreUpstreamFailure: 'yes' });
  },
);
