import { component, pipeline } from 'ferrule';

export const aComponentWhoseNameIsSoLongThatNoLabelOfKubernetesCouldEverHoldIt = component(
  { image: 'a' },
  () => {},
);

export default pipeline('long-names', {}, () => {
  aComponentWhoseNameIsSoLongThatNoLabelOfKubernetesCouldEverHoldIt();
});
