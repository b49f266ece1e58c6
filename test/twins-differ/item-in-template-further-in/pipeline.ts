import { component, eq, forEach, pipeline, when } from 'ferrule';

export const names = component({ image: 'a' }, (): string[] => []);
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('item-in-template-further-in', { flag: true }, ({ flag }) => {
  forEach(names().outputs.Output, (name) => {
    when(eq(flag, true), () => use({ text: `for ${name}` }));
  });
});
