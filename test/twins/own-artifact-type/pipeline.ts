import { component, pipeline, type Artifact } from 'ferrule';

interface Sketch extends Artifact<'google.Sketch', '0.1.0'> {}

export const draw = component({ image: 'a' }, (_inputs: {}, _out: { sketch: Sketch }) => {});
export const frame = component({ image: 'b' }, (_inputs: { sketch: Sketch; any: Artifact }) => {});

export default pipeline('own-artifact-type', {}, () => {
  const { sketch } = draw({}).outputs;
  frame({ sketch, any: sketch });
});
