import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('resource-parts', {}, () => {
  step({}, { cpuRequest: 0.25 });
  step({}, { memoryRequest: '100Mi' });
  step({}, { memory: '1Ei' });
  step({}, { memory: '7M', memoryRequest: '33K' });
  step({}, { memory: '3P', memoryRequest: '1000000007' });
  step({}, { accelerator: { type: 'nvidia.com/gpu' } });
  step({}, { env: { B: '2', A: '1' } });
});
