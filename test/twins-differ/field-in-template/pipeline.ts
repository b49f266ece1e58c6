import { component, forEach, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('field-in-template', {}, () => {
  forEach([{ title: 'a', kind: 'b' }], (item) => use({ text: `${item.title} of ${item.kind}` }));
});
