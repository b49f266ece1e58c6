import { component, container, importer, pipeline } from 'ferrule';

export const step = component({ image: 'a', secretEnv: ['API_TOKEN'] }, (inputs: { header?: string; list?: string[] }) => {});

export const box = container(() => ({ image: 'a', args: ['--token=hunter2-of-the-test'] }));

export default pipeline('secret', { token: 'hunter2-of-the-test' }, () => {
  step({}, { env: { TOKEN: 'hunter2-of-the-test', OTHER: 'fine' } });
  step({ header: 'Bearer hunter2-of-the-test' });
  step({ list: ['fine', 'hunter2-of-the-test'] });
  box();
  importer({ uri: 'gs://a', metadata: { token: 'hunter2-of-the-test' } });
  step({}, { kubernetes: { labels: { token: 'hunter2-of-the-test' } } });
});
