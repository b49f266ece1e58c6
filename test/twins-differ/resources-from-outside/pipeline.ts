import { component, eq, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, () => {});

export default pipeline('resources-from-outside', { cpu: '2', flag: true }, ({ cpu, flag }) => {
  when(eq(flag, true), () => use({}, { cpu }));
});
