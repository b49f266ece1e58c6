import { component, eq, forEach, int, pipeline, when, type Int, type JsonValue } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: { n: Int }): string => '');
export const say = component(
  { image: 'b' },
  (_inputs: { text: string; more: readonly JsonValue[]; extra: Readonly<Record<string, JsonValue>> }) => {},
);

export default pipeline(
  'texts-in-groups',
  { who: 'you', x: int(1), sizes: [int(1)] },
  ({ who, x, sizes }) => {
    const made = make({ n: 1 }).outputs.Output;
    when(eq(x, 1), () => {
      const inside = make({ n: 2 }).outputs.Output;
      say({ text: `${who}: ${made}, ${inside}`, more: [`${x}`, 'b'], extra: { k: `${who}!`, n: `${x}` } });
      forEach(sizes, (size) => {
        say({ text: `${who} ${made} ${inside}`, more: [], extra: {} });
        make({ n: size });
      });
    });
  },
);
