import { component, pipeline, type Int } from 'ferrule';

interface Inputs {
  readonly text: string;
  readonly whole: Int;
  readonly rate: number;
  readonly flag: boolean;
  readonly list: readonly Int[];
  readonly struct: { readonly a: Int; readonly b: readonly string[] };
}

export const use = component({ image: 'use' }, (_inputs: Inputs) => {});

export default pipeline('constants', {}, () => {
  use({ text: 'it\'s "quoted"', whole: 7, rate: 1e-7, flag: true, list: [1, 2], struct: { a: 1, b: ['x'] } });
});
