import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, (inputs: { text?: string; list?: string[] }) => {});

// What TypeScript would refuse, where it was told not to look.
export default pipeline('ref-taken-apart', { p: 'x' as any }, ({ p }: any) => {
  step({ text: p?.name.first });
  step({ text: p.toUpperCase() });
  step({ text: p[0] });
  const { length } = p;
  step({ ...p });
  Object.keys(p);
  if ('name' in p) step({});
  if (`${p}` === 'x') step({});
  step({}, { env: { A: `${p}` } });
  step({}, { name: `${p}` });
  step({ list: new Set(['a']) as any });
});
