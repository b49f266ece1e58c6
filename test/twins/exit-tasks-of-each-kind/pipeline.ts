import {
  component,
  container,
  gt,
  onExit,
  pipeline,
  required,
  when,
  type Dataset,
  type FinalStatus,
  type Int,
} from 'ferrule';

export const step = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const report = component(
  { image: 'a' },
  (_inputs: {
    status: FinalStatus;
    names: readonly string[];
    rate: number;
    settings: Readonly<Record<string, string>>;
    data: Dataset;
  }) => {},
);
export const sweep = container<{ folder: string; n?: Int }>(({ folder }) => ({
  image: 'alpine',
  command: ['rm', '-r'],
  args: [folder],
}));

export default pipeline(
  'exit-tasks-of-each-kind',
  { data: required<Dataset>(), folder: required<string>(), names: ['a'], rate: 0.5 },
  ({ data, folder, names, rate }) => {
    const told = report({ names, rate, settings: { folder: `in ${folder}` }, data });
    const swept = sweep({ folder }, { cache: false });
    onExit(told, () => step({ n: 1 }));
    onExit(swept, () => when(gt(rate, 0.5), () => step({ n: 2 })), { name: 'sweep' });
  },
);
