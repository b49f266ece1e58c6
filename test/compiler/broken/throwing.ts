import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('throwing', {}, () => {
  step({});
  const nothing = undefined as unknown as { deep: { field: string } };
  step({}, { name: nothing.deep.field });
});
