import { component, pipeline, type Dataset } from 'ferrule';

interface Outputs {
  /** What was made. */
  readonly data: Dataset;
}

/** Makes data. */
export const make = component({ image: 'a' }, (_inputs: {}, _out: Outputs) => {});

export default pipeline('described-outputs', {}, () => {
  make();
});
