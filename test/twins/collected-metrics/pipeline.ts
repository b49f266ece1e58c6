import {
  collect,
  component,
  forEach,
  gte,
  int,
  pipeline,
  when,
  type ClassificationMetrics,
  type Html,
  type Int,
  type Markdown,
  type Metrics,
} from 'ferrule';

export const judge = component(
  { image: 'a' },
  (
    _inputs: { fold: Int },
    _out: { metrics: Metrics; matrix: ClassificationMetrics; note: Markdown },
  ): number => 0.5,
);
interface All {
  readonly metrics: readonly Metrics[];
  readonly matrices: readonly ClassificationMetrics[];
  readonly notes: readonly Markdown[];
  readonly scores: readonly number[];
}
export const summary = component({ image: 'a' }, (_inputs: All, _out: { report: Html }): number => 0.5);
export const tell = component({ image: 'a' }, (_inputs: { score: number }) => {});

export default pipeline(
  'collected-metrics',
  { folds: [int(1), int(2), int(3)], least: 0.5 },
  ({ folds, least }) => {
    const judged = collect(forEach(folds, (fold) => judge({ fold }), { parallelism: 2, name: 'folds' }));
    const all = summary({
      metrics: judged.metrics,
      matrices: judged.matrix,
      notes: judged.note,
      scores: judged.Output,
    });
    when(gte(all.outputs.Output, least), () => tell({ score: all.outputs.Output }));
  },
);
