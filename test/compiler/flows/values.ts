/** Values on their ways through loops and branches, for many of which KFP's own compiler has no form. */
import { readFile, writeFile } from 'node:fs/promises';
import {
  and,
  collect,
  component,
  eq,
  forEach,
  gt,
  int,
  not,
  oneOf,
  pipeline,
  when,
  type Dataset,
  type Int,
} from 'ferrule';

interface Entry {
  readonly name: string;
  readonly sizes: readonly Int[];
  readonly inner: { readonly z: number; readonly on: boolean };
}

const quoted = 'it\'s "b"\\\n';

export const entries = component({}, (): readonly Entry[] => [
  { name: 'a', sizes: [1, 2], inner: { z: 0.5, on: true } },
  { name: 'it\'s "b"\\\n', sizes: [3], inner: { z: 2, on: false } },
]);
export const config = component({}, (): { settings: { deep: { limit: Int; 'odd name': string } } } => ({
  settings: { deep: { limit: 2, 'odd name': 'odd' } },
}));
export const twice = component({}, ({ n }: { n: Int }): Int => n * 2);
export const file = component(
  {},
  async ({ text }: { text: string }, out: { data: Dataset }): Promise<void> => {
    await writeFile(out.data.path, text);
  },
);
export const read = component({}, async ({ parts }: { parts: readonly Dataset[] }): Promise<string> => {
  const texts = await Promise.all(parts.map(({ path }) => readFile(path, 'utf8')));
  return texts.join('|');
});
export const measure = component({}, ({ part }: { part: Dataset }): string => part.uri);
export const json = component({}, ({ value }: { value: readonly (readonly Int[])[] }): string =>
  JSON.stringify(value),
);
export const say = component({}, ({ text }: { text: string }): string => text);
export const all = component({}, ({ texts }: { texts: readonly string[] }): string => texts.join(','));

export default pipeline(
  'values',
  { size: { depth: int(3), name: 'q' }, flags: [true, false], x: int(1), xs: [int(4)] },
  ({ size, flags, x, xs }) => {
    const listed = entries().outputs.Output;
    const { deep } = config().outputs.settings;

    // Fields: in conditions, texts, inner loops; lists of lists, and one flat list of artifacts.
    const inner = forEach(listed, (entry) =>
      forEach(entry.sizes, (n) => ({
        doubled: twice({ n }).outputs.Output,
        data: file({ text: `${entry.inner.z} ${n}` }).outputs.data,
      })),
    );
    const { doubled, data } = collect(inner);
    const quotes = forEach(listed, (entry) =>
      when(eq(entry.name, quoted), () => say({ text: `quoted ${entry.inner.z}` })),
    );
    const limit = oneOf(
      when(and(eq(deep.limit, 2), not(eq(deep['odd name'], 'even'))), () =>
        say({ text: `limit ${deep.limit}` }),
      ).otherwise(() => say({ text: 'no limit' })),
    ).Output;

    // A list that a branch collected, and a loop over it.
    const chosen = oneOf(
      when(gt(size.depth, 5), () => ({ list: collect(forEach([1], (n) => twice({ n }))).Output })).otherwise(
        () => ({ list: collect(forEach([1, 2], (n) => twice({ n }))).Output }),
      ),
    ).list;
    const again = collect(forEach(chosen, (n) => say({ text: `${size.name}${n}` }))).Output;

    // Artifacts that were collected, in a branch and a loop further inside.
    when(eq(x, 1), () =>
      forEach(data, (part) => {
        read({ parts: data });
        measure({ part });
      }),
    );

    // A loop over a list in a loop over the same one; a parameter whose name is part of the list's.
    const pairs = forEach(flags, (a) =>
      forEach(flags, (b) => when(and(a, not(b)), () => say({ text: `${a} ${b}` }))),
    );
    forEach(xs, (one) => when(gt(one, x), () => twice({ n: x })));

    // Constants with fields, in conditions and loops inside.
    const constants = forEach(
      [
        { k: 1, w: 'a' },
        { k: 2, w: 'b' },
      ],
      (item) => {
        forEach([5], (five) => say({ text: `${item.w} ${five} ${item.k}` }));
        return oneOf(
          when(eq(item.w, 'a'), () => say({ text: 'first' }))
            .elseWhen(gt(item.k, 1), () => say({ text: `other ${item.k}` }))
            .otherwise(() => say({ text: 'none' })),
        ).Output;
      },
    );
    return {
      rows: json({ value: doubled }).outputs.Output,
      joined: read({ parts: data }).outputs.Output,
      quotes: all({ texts: collect(quotes).Output }).outputs.Output,
      limit,
      again: all({ texts: again }).outputs.Output,
      pairs: collect(pairs).Output,
      constants: all({ texts: collect(constants) }).outputs.Output,
    };
  },
);
