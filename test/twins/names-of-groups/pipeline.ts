import { component, eq, forEach, onExit, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export default pipeline('names-of-groups', { text: 'a' }, ({ text }) => {
  const last = use({ text: 'last' }, { displayName: 'Zuletzt' });
  onExit(
    last,
    () => {
      forEach(
        ['a'],
        (item) => {
          when(eq(item, text), () => use({ text: item }), { name: 'für "a"' }).otherwise(
            () => use({ text }),
            {
              name: "it's another",
            },
          );
        },
        { name: 'Über alle' },
      );
      forEach(['b'], (item) => use({ text: item }), { name: 'Über alle' });
    },
    { name: 'Alles: 日本' },
  );
  when(eq(text, 'a'), () => use({ text: 'x' }), { name: 'für "a"' }).elseWhen(
    eq(text, 'b'),
    () => use({ text: 'y' }),
    { name: '  ' },
  );
});
