import { component, forEach, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, () => {});

export default pipeline('settings-by-field', {}, () => {
  forEach([{ image: 'alpine', memory: '1Gi' }], (item) =>
    use({}, { image: item.image, memory: item.memory }),
  );
});
