import { component, eq, forEach, pipeline, when, type Int } from 'ferrule';

export const use = component(
  { image: 'a' },
  ({
    text = 'none',
    list = [1, 2],
    struct = { a: 0.5 },
    flag = false,
  }: {
    text?: string;
    list?: readonly Int[];
    struct?: Readonly<Record<string, number>>;
    flag?: boolean;
  }) => void [text, list, struct, flag],
);

const numbers: Record<string, number> = { b: 1.5 };

export const inner = pipeline(
  'inner',
  { items: [{ a: 'x' }], struct: numbers, flag: true },
  ({ items, struct, flag }) => {
    forEach(items, (item) => {
      when(eq(item.a, 'x'), () => use({ text: item.a, struct }));
      use({ flag });
    });
  },
);

const others: Record<string, number> = { c: 2.5, d: 0 };
const none: Int[] = [];

export default pipeline('defaults-in-groups', { struct: others, list: none }, ({ struct, list }) => {
  inner();
  inner({ items: [{ a: 'y' }, { a: 'z' }], flag: false });
  forEach([false, true], (flag) => {
    inner({ struct, flag });
    use({ list, flag });
  });
});
