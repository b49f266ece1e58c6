import { component, pipeline } from 'ferrule';

export const train = component(
  { image: 'a', cpu: 2, memory: '8Gi', accelerator: { type: 'nvidia.com/gpu', count: 1 } },
  () => {},
);

export default pipeline('resources', {}, () => {
  train({});
  train({}, { cpu: '500m', cpuRequest: '250m', memory: '1G', memoryRequest: '512Mi' });
  train({}, { accelerator: { type: 'NVIDIA_TESLA_T4', count: 4 }, memory: '2Ti', cpu: '0.5' });
});
