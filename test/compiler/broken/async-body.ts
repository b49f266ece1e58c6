import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});
const body = async () => {
  step({});
};

export const first = pipeline('first', {}, async () => {
  step({});
});
export default pipeline('second', {}, body);
