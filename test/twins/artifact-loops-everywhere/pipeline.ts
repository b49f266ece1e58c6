import {
  collect,
  component,
  eq,
  forEach,
  gt,
  int,
  onExit,
  pipeline,
  required,
  when,
  type Dataset,
  type Int,
} from 'ferrule';

export const use = component({ image: 'a' }, ({ text }: { data: Dataset; text: string }): string => text);
export const size = component({ image: 'a' }, (_inputs: { data: Dataset }): Int => 1);
export const total = component({ image: 'a' }, (_inputs: { sizes: readonly Int[] }) => {});

export const each = pipeline(
  'each',
  { parts: required<readonly Dataset[]>(), least: int(0) },
  ({ parts, least }) => {
    const sized = forEach(parts, (part) => {
      const done = size({ data: part });
      when(gt(done.outputs.Output, least), () => size({ data: part }));
      return done;
    });
    total({ sizes: collect(sized).Output });
  },
);

export default pipeline(
  'artifact-loops-everywhere',
  {
    parts: required<readonly Dataset[]>(),
    base: required<Dataset>(),
    texts: required<string[]>(),
    flag: true,
  },
  ({ parts, base, texts, flag }) => {
    onExit(use({ data: base, text: 'last' }), () => {
      forEach(
        parts,
        (part) => {
          forEach(texts, (text) => use({ data: part, text }));
        },
        { parallelism: 2, name: 'parts' },
      );
      when(eq(flag, true), () => {
        forEach(parts, (part) => {
          use({ data: part, text: 'x' });
          forEach([1, 2], () => use({ data: part, text: 'y' }));
        });
      });
    });
    forEach(texts, (text) => {
      forEach(parts, (part) => {
        use({ data: base, text });
        use({ data: part, text });
      });
    });
    each({ parts });
  },
);
