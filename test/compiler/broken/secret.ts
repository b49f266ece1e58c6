import { component, container, eq, forEach, importer, pipeline, when } from 'ferrule';

export const step = component({ image: 'a', secretEnv: ['API_TOKEN'] }, (inputs: { header?: string; list?: string[] }) => {});

export const box = container(() => ({ image: 'a', args: ['--token=hunter2-of-the-test'] }));

export default pipeline('secret', { token: 'hunter2-of-the-test' }, ({ token }) => {
  step({}, { env: { TOKEN: 'hunter2-of-the-test', OTHER: 'fine' } });
  step({ header: 'Bearer hunter2-of-the-test' });
  step({ list: ['fine', 'hunter2-of-the-test'] });
  when(eq(token, 'hunter2-of-the-test'), () => forEach([{ key: 'x hunter2-of-the-test' }], ({ key }) => step({ header: key })));
  box();
  importer({ uri: 'gs://a', metadata: { token: 'hunter2-of-the-test' } });
  step({}, { kubernetes: { labels: { token: 'hunter2-of-the-test' } } });
});
