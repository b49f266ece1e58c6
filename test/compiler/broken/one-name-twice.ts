import { component, pipeline } from 'ferrule';

export const dataPrep = component({ image: 'a' }, () => {});
export const data_prep = component({ image: 'b' }, () => {});

export default pipeline('one-name-twice', {}, () => {
  dataPrep({});
  data_prep({});
});
