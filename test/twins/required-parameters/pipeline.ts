import { component, pipeline, required, type Int } from 'ferrule';

export const use = component(
  { image: 'use' },
  (_inputs: { text: string; whole: Int; rate: number; flag: boolean; list: readonly string[] }) => {},
);

export default pipeline(
  'required-parameters',
  {
    text: required<string>(),
    whole: required<Int>(),
    rate: required<number>(),
    flag: required<boolean>(),
    list: required<readonly string[]>(),
  },
  (params) => {
    use(params);
  },
);
