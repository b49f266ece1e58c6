import { component, forEach, gt, int, ne, optional, pipeline, when, type Int, type Model } from 'ferrule';

export const use = component({ image: 'a' }, ({ n = 3 }: { text?: string; n?: Int; base?: Model }) => void n);

export const inner = pipeline(
  'inner',
  { note: optional<string>(), n: int(3), base: optional<Model>() },
  ({ note, n, base }) => {
    use({ text: note, n, base });
    when(gt(n, 1), () => use({ text: note, base }));
    forEach([1, 2], (item) => use({ n: item }));
  },
);

export default pipeline(
  'optional-inputs-in-groups',
  { note: optional<string>(), base: optional<Model>() },
  ({ note, base }) => {
    inner();
    inner({ base, n: 1 });
    when(ne(note, 'none'), () => {
      inner({ note });
      use();
    });
  },
);
