import { component, onExit, pipeline, type Int } from 'ferrule';

export const clean = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const run = component({ image: 'b' }, (_inputs: { n: Int }) => {});

export const cleaning = pipeline('cleaning', { text: 'x' }, ({ text }) => {
  clean({ text });
});

export default pipeline('exit-pipeline', { who: 'me' }, ({ who }) => {
  const cleaned = cleaning({ text: who });
  onExit(cleaned, () => run({ n: 1 }));
});
