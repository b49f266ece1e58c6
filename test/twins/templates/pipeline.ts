import { component, int, pipeline, type Int } from 'ferrule';

export const name = component({ image: 'name' }, (_inputs: { seed: Int }): string => 'x');
export const use = component({ image: 'use' }, (_inputs: { path: string; note: string }) => {});

export default pipeline('templates', { bucket: 'b', seed: int(1) }, ({ bucket, seed }) => {
  const made = name({ seed });
  use({ path: `gs://${bucket}/${made.outputs.Output}/x`, note: `${bucket} ${bucket} ${seed}` });
});
