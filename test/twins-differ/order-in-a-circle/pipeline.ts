import { component, pipeline, type Ref } from 'ferrule';

export const step = component({ image: 'a' }, ({ text = 'a' }: { text?: string }): string => text);

export default pipeline('order-in-a-circle', {}, () => {
  const again: { outputs: { Output: Ref<string> } }[] = [];
  const first = step({}, { after: again });
  again.push(step({ text: first.outputs.Output }));
});
