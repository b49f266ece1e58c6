import { component, eq, forEach, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('field-in-a-condition', {}, () => {
  forEach([{ title: 'a', kind: 'b' }], (item) => {
    when(eq(item.title, 'a'), () => use({ text: item.kind }));
  });
});
