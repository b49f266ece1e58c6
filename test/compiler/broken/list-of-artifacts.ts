import { component, pipeline, type Dataset } from 'ferrule';

export const make = component({ image: 'a' }, (inputs: {}, out: { data: Dataset }) => {});
export const merge = component({ image: 'b' }, (inputs: { parts: readonly Dataset[] }) => {});
export const walk = component({ image: 'c' }, function* (inputs: { from?: string }) {});

export default pipeline('list-of-artifacts', {}, () => {
  merge({ parts: [make({}).outputs.data, make({}).outputs.data] as any });
  walk({});
});
