import { collect, component, forEach, gt, int, pipeline, required, when, type Int } from 'ferrule';

export const step = component({ image: 'a' }, ({ n }: { n: Int }): Int => n);
export const total = component({ image: 'a' }, (_inputs: { ns: readonly Int[] }): Int => 0);

export const each = pipeline('each', { ns: required<Int[]>(), least: int(0) }, ({ ns, least }) => {
  const stepped = forEach(ns, (n) => {
    const done = step({ n });
    when(gt(done.outputs.Output, least), () => step({ n }));
    return done;
  });
  return { Output: total({ ns: collect(stepped).Output }).outputs.Output };
});

export default pipeline('looped-pipeline-twice', { ns: [int(1), int(2)] }, ({ ns }) => {
  const first = each({ ns });
  forEach([5, 6], (least) => {
    each({ ns, least });
  });
  return { Output: each({ ns: [3, 4], least: first.outputs.Output }).outputs.Output };
});
