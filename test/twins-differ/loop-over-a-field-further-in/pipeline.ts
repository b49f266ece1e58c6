import { component, eq, forEach, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('loop-over-a-field-further-in', { flag: true }, ({ flag }) => {
  forEach([{ names: ['a', 'b'] }], (group) => {
    when(eq(flag, true), () => {
      forEach(group.names, (title) => use({ text: title }));
    });
  });
});
