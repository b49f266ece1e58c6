import { component, pipeline, required, type Artifact, type Int, type Metrics, type Model } from 'ferrule';

export const make = component({ image: 'a' }, (_inputs: {}, _out: { model: Model; metrics: Metrics }) => {});
export const size = component({ image: 'b' }, (_inputs: { of: Artifact }): Int => 1);

export default pipeline('any-artifact', { given: required<Artifact>() }, ({ given }) => {
  const made = make({});
  size({ of: made.outputs.model });
  size({ of: made.outputs.metrics });
  size({ of: given });
});
