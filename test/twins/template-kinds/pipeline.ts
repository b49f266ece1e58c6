import { component, int, pipeline, type Int } from 'ferrule';

export const made = component({ image: 'a' }, (_inputs: { seed: Int }): number => 0.5);
export const use = component({ image: 'b' }, (_inputs: { text: string }) => {});

export default pipeline('template-kinds', { n: int(1), rate: 0.5, flag: true }, ({ n, rate, flag }) => {
  const first = made({ seed: n }).outputs.Output;
  const second = made({ seed: n }).outputs.Output;
  use({ text: `${n}` });
  use({ text: `${first}${second}${first}` });
  use({ text: `n=${n}, rate=${rate}, flag=${flag}` });
});
