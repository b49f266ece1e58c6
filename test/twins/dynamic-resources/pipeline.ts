import { component, int, pipeline, type Int } from 'ferrule';

export const measure = component({ image: 'a' }, (): string => '2Gi');
export const step = component({ image: 'a' }, ({ n = 1 }: { n?: Int }) => void n);

export default pipeline(
  'dynamic-resources',
  { cpu: '2', memory: '4Gi', gpu: 'nvidia.com/gpu', gpus: int(1) },
  ({ cpu, memory, gpu, gpus }) => {
    step({}, { cpu, cpuRequest: '250m', memory, memoryRequest: '512Mi' });
    const measured = measure();
    step({ n: gpus }, { memoryRequest: measured.outputs.Output, cpuRequest: cpu });
    step({}, { accelerator: { type: gpu, count: gpus } });
    step({}, { accelerator: { type: 'nvidia.com/gpu', count: gpus } });
    step({}, { accelerator: { type: gpu, count: 2 } });
    step({}, { accelerator: { type: gpu } });
  },
);
