import { component, forEach, ne, pipeline, required, when } from 'ferrule';

export const plan = component({ image: 'a' }, (_inputs: { text: string }): string => '4Gi');
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export const inner = pipeline('inner', { cpu: required<string>(), memory: '1Gi' }, ({ cpu, memory }) => {
  use({ text: 'inner' }, { cpu, memory });
  when(ne(memory, '1Gi'), () => use({ text: 'more' }, { memoryRequest: memory, cpuRequest: '250m' }));
});

export default pipeline(
  'resources-in-groups',
  { cpu: '2', sizes: ['1Gi', '2Gi'], image: 'alpine' },
  ({ cpu, sizes, image }) => {
    const memory = plan({ text: 'x' }).outputs.Output;
    forEach(sizes, (size) => {
      use({ text: size }, { memory: size, image });
      use({ text: 'fixed' }, { memory: '1G', cpu: 1, accelerator: { type: 'nvidia.com/gpu' } });
    });
    inner({ cpu, memory });
  },
);
