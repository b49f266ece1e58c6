import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a', secretEnv: ['API_TOKEN'] }, (inputs: { header?: string; list?: string[] }) => {});

export default pipeline('secret', { token: 'hunter2-of-the-test' }, () => {
  step({}, { env: { TOKEN: 'hunter2-of-the-test', OTHER: 'fine' } });
  step({ header: 'Bearer hunter2-of-the-test' });
  step({ list: ['fine', 'hunter2-of-the-test'] });
});
