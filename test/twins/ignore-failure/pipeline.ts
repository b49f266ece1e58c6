import { component, eq, int, pipeline, when, type FinalStatus, type Int } from 'ferrule';

export const make = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const hope = component({ image: 'b' }, ({ n = 3 }: { n?: Int }) => void n);
export const watch = component({ image: 'c' }, (_inputs: { status: FinalStatus }) => {});

export default pipeline('ignore-failure', { x: int(1) }, ({ x }) => {
  const made = make({ n: 1 });
  hope({ n: made.outputs.Output }, { ignoreUpstreamFailure: true });
  watch({}, { after: [made], ignoreUpstreamFailure: true });
  when(eq(made.outputs.Output, x), () => {
    const inside = make({ n: 2 });
    watch({}, { after: [inside], ignoreUpstreamFailure: true });
    hope({ n: made.outputs.Output }, { ignoreUpstreamFailure: true });
  });
});
