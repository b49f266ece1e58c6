import { component, eq, forEach, pipeline, when } from 'ferrule';

export const names = component({ image: 'a' }, (): string[] => []);
export const use = component({ image: 'a' }, () => {});

export default pipeline('groups-of-unused-items', { flag: true }, ({ flag }) => {
  const found = names();
  when(eq(flag, true), () => {
    forEach(found.outputs.Output, () => use());
  });
});
