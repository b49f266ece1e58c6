import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a', secretEnv: ['API_TOKEN'] }, () => {});

export default pipeline('secret', {}, () => {
  step({}, { env: { TOKEN: 'hunter2-of-the-test', OTHER: 'fine' } });
});
