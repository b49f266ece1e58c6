import { component, int, pipeline, required, type Int } from 'ferrule';

export const add = component({ image: 'a' }, (inputs: { n: Int; text?: string }): Int => 1);

let leak: any;
export const inner = pipeline('inner', { n: required<Int>(), rate: 0.5 }, ({ n, rate }) => {
  if (rate) add({ n: rate });
  add({ n: leak, text: `x ${leak}` });
  return { sum: add({ n }).outputs.Output };
});
export const endless: any = pipeline('endless', {}, () => {
  endless({});
});

export default pipeline('nested-faults', { n: int(1), who: 'me' }, ({ n, who }) => {
  leak = n;
  inner({ n }, { retry: { maxAttempts: 2 }, memory: '1Gi', cache: { salt: 'x' } });
  inner({ n: who, other: 1 });
  inner({});
  endless({});
  add({ n: inner({ n }).outputs.total });
});
