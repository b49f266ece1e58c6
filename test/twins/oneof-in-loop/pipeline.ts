import { component, eq, forEach, oneOf, pipeline, when } from 'ferrule';

export const say = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export default pipeline('oneof-in-loop', { names: ['a', 'b'], special: 'a' }, ({ names, special }) => {
  forEach(names, (name) => {
    const said = when(eq(name, special), () => say({ text: `special ${name}` })).otherwise(() =>
      say({ text: name }),
    );
    say({ text: oneOf(said).Output });
  });
});
