import { component, onExit, pipeline, type FinalStatus, type Int } from 'ferrule';

export const told = component(
  { image: 'a' },
  ({ channel = 'all' }: { status: FinalStatus; channel?: string }) => void channel,
);
export const run = component({ image: 'b' }, ({ n }: { n: Int }): Int => n);

export default pipeline('exit-with-status', { channel: 'x' }, ({ channel }) => {
  const first = told({ channel });
  const second = told();
  onExit(
    first,
    () => {
      const made = run({ n: 1 });
      run({ n: made.outputs.Output });
    },
    { name: 'first part' },
  );
  onExit(second, () => run({ n: 3 }));
});
