import { component, pipeline, required, run } from 'ferrule';

interface Facts {
  readonly name: string;
  readonly task: string;
  readonly created: string;
}

export const tell = component(
  { env: { GREETING: 'of the component', EMPTY: '' } },
  async ({ name, task, created }: Facts): Promise<string> => {
    if (Number.isNaN(Date.parse(created))) throw new Error(created);
    const known = name.length > 0 && !name.includes('{{') ? 'True' : 'False';
    return `${task} ${known} ${process.env['GREETING']} ${process.env['EMPTY']?.length}`;
  },
);

export default pipeline(
  'settings',
  { image: required<string>(), memory: '200Mi', cpu: '500m' },
  ({ image, memory, cpu }) =>
    tell(
      { name: run.name, task: run.taskName, created: run.createTime },
      { env: { GREETING: 'hello $(HOME) "you"' }, image, memory, cpu },
    ).outputs,
);
