import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, async () => {
  if (process.env['NEVER'] === 'set') await import('./nowhere.ts');
});

export default pipeline('unresolved-dynamic-import', {}, () => {
  step({});
});
