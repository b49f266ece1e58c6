import { component, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string; run: string }) => {});

export default pipeline('run-placeholders', { bucket: 'b' }, ({ bucket }) => {
  use({ text: `gs://${bucket}/{{$.pipeline_job_uuid}}`, run: '{{$.pipeline_job_name}}' });
});
