import { component, eq, pipeline, when, type Int } from 'ferrule';

export const count = component({ image: 'a' }, (): Int => 3);
export const use = component({ image: 'a' }, () => {});

export default pipeline('number-compared-with-text', {}, () => {
  // @ts-expect-error a number is never a text
  when(eq(count().outputs.Output, '3'), () => use());
});
