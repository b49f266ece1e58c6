import { component, container, pipeline, type Model } from 'ferrule';

export const many = component({ image: 'a' }, (_inputs: { n: number }, _out: { models: Model[] }) => {});
export const generic = component({ image: 'a' }, (_inputs: { n: number }, _out: Pick<{ models: readonly Model[] }, 'models'>) => {});
const box = container<{ n: number }, { models: readonly Model[] }>(() => ({ image: 'a' }));

export default pipeline('list-of-outputs', {}, () => {
  many({ n: 1 });
  generic({ n: 1 });
  box({ n: 1 });
});
