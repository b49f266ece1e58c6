import {
  component,
  pipeline,
  type Artifact,
  type ClassificationMetrics,
  type Dataset,
  type Html,
  type Markdown,
  type Metrics,
  type Model,
  type SlicedClassificationMetrics,
} from 'ferrule';

interface Everything {
  readonly any: Artifact;
  readonly data: Dataset;
  readonly model: Model;
  readonly metrics: Metrics;
  readonly classes: ClassificationMetrics;
  readonly slices: SlicedClassificationMetrics;
  readonly page: Html;
  readonly notes: Markdown;
}

export const make = component({ image: 'a' }, (_inputs: {}, _out: Everything) => {});
export const use = component({ image: 'b' }, (_inputs: Everything) => {});

export default pipeline('artifact-types', {}, () => {
  use(make({}).outputs);
});
