import { component, forEach, int, pipeline, type Int } from 'ferrule';

export const choose = component({ image: 'a' }, (): string => 'busybox');
export const step = component({ image: 'a' }, (_inputs: { cpu: string; gpus: Int }) => {});

export default pipeline(
  'dynamic-loop',
  { cpu: '2', gpus: int(1), images: ['a', 'b'] },
  ({ cpu, gpus, images }) => {
    const chosen = choose();
    forEach(images, (image) => {
      step({ cpu, gpus }, { image, cpu, accelerator: { type: 'nvidia.com/gpu', count: gpus } });
      step({ cpu: '1', gpus: 2 }, { image: chosen.outputs.Output });
    });
  },
);
