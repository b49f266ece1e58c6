import { component, pipeline } from 'ferrule';

export const first = component({ image: 'a' }, (): string => 'x');
export const second = component({ image: 'b' }, (inputs: { text: string }): string => 'x');
export const third = component({ image: 'c' }, (inputs: { text: string }) => {});

export default pipeline('circle', {}, () => {
  const after: any[] = [];
  const a = first({}, { after });
  const b = second({ text: `x ${a.outputs.Output}` });
  after.push(third({ text: b.outputs.Output }));
});
