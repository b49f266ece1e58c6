import { component, eq, forEach, loadComponent, ne, pipeline, when, type Int } from 'ferrule';

interface Output {
  readonly Output: string;
}

const made = loadComponent<{ text: string; n?: Int }, Output>('./made.yaml', import.meta.url);
const chain = loadComponent<{ text: string; times?: Int }, Output>('./chain.yaml', import.meta.url);
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('loaded-in-groups', { names: ['a'], text: 'x' }, ({ names, text }) => {
  forEach(names, (name) => {
    const one = made({ text: name }).outputs.Output;
    when(eq(one, text), () => use({ text: chain({ text: one, times: 2 }, { cache: false }).outputs.Output }));
  });
  when(ne(text, 'x'), () => made({ text, n: 1 }, { memory: '1G', displayName: 'Loaded' }));
});
