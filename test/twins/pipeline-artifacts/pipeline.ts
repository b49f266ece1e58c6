import { component, pipeline, required, type Dataset, type Model } from 'ferrule';

export const merge = component({ image: 'a' }, (_inputs: { parts: readonly Dataset[]; base: Model }) => {});

export default pipeline(
  'pipeline-artifacts',
  { parts: required<readonly Dataset[]>(), base: required<Model>() },
  ({ parts, base }) => {
    merge({ parts, base });
  },
);
