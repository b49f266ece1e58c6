import { component, forEach, pipeline } from 'ferrule';

export const plan = component({ image: 'a' }, (): string => '4Gi');
export const use = component({ image: 'a' }, () => {});

export default pipeline('memory-of-a-task-outside', {}, () => {
  const planned = plan();
  forEach([1, 2], () => use({}, { memory: planned.outputs.Output }));
});
