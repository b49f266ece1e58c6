import { component, forEach, pipeline, type Int } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string; n: Int }) => {});

export default pipeline('fields-of-several-types', {}, () => {
  forEach([{ text: 'a', n: 1 }], (item) => use({ text: item.text, n: item.n }));
});
