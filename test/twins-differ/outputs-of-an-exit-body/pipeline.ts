import { component, onExit, pipeline } from 'ferrule';

export const make = component({ image: 'a' }, (): string => 'x');
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('outputs-of-an-exit-body', {}, () => {
  const made = onExit(use({ text: 'last' }), () => make());
  use({ text: made.outputs.Output });
});
