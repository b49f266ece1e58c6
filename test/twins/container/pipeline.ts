import {
  concat,
  container,
  executorInput,
  ifPresent,
  pipeline,
  required,
  run,
  type Dataset,
  type Int,
  type Model,
} from 'ferrule';

interface Inputs {
  readonly text: string;
  readonly data: Dataset;
  readonly parts: readonly Dataset[];
  readonly label?: string;
  readonly rate?: number;
}
interface Outputs {
  readonly model: Model;
  readonly count: Int;
}

const train = container<Inputs, Outputs>(({ text, data, parts, label, rate = 0.5 }, { model, count }) => ({
  image: 'alpine:3.20',
  command: ['sh', '-c', `echo ${text} > ${count.path}; cp ${data.path} ${model.path}`],
  args: [
    '--uri', data.uri, '--out', model.uri, '--parts', parts, '--text', text, '--rate', rate,
    data.metadata(), data.metadata('rows'), model.metadata('k'),
    concat('--x=', text, ' é "', data.uri, ifPresent(label, label, 'none')),
    ifPresent(label, ['--label', label], ['--none']),
    ifPresent(label, 'yes'),
    ifPresent(label, concat('a', label)),
    executorInput,
    run.name,
    run.outputFile,
  ],
})); // prettier-ignore

export default pipeline(
  'containers',
  { data: required<Dataset>(), parts: required<readonly Dataset[]>(), text: 'hello' },
  ({ data, parts, text }) => {
    const first = train({ text, data, parts });
    train({ text: 'x', data, parts, label: 'y', rate: 0.25 });
    train({ text: `${text}-${first.outputs.count}`, data, parts }, { cpu: 2, env: { A: 'b' } });
  },
);
