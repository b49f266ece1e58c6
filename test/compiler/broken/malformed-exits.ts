import { component, eq, forEach, int, onExit, pipeline, when, type FinalStatus, type Int, type Task } from 'ferrule';

export const run = component({}, ({ n }: { n: Int }): Int => n);
export const hope = component({}, ({ n = 1 }: { n?: Int }): Int => n);
export const told = component({}, (_inputs: { status: FinalStatus }): string => '');

export default pipeline('malformed-exits', { n: int(1) }, ({ n }) => {
  const made = run({ n });
  onExit(run({ n: made.outputs.Output }), () => run({ n }));
  onExit(run({ n }, { after: [made] }), () => run({ n }));
  onExit(made.outputs, () => run({ n }));
  const end = told();
  onExit(end, () => run({ n }));
  onExit(end, () => run({ n }));
  run({ n: 2 }, { after: [end] });
  when(eq(n, 1), () => onExit(told(), () => run({ n })));
  let inside: Task<unknown> = made;
  forEach([1], () => {
    inside = run({ n });
  });
  onExit(inside, () => run({ n }));
  onExit(told(), () => {});
  onExit(told());
  told();
  told({ status: 'x' });
  told({}, { ignoreUpstreamFailure: true });
  told({}, { ignoreUpstreamFailure: true, after: [made, run({ n })] });
  run({ n: made.outputs.Output }, { ignoreUpstreamFailure: true });
  hope({ n: made.outputs.Output }, { ignoreUpstreamFailure: true });
  hope({}, { ignoreUpstreamFailure: 'yes' });
});
