import * as ferrule from 'ferrule';
import { component as define, pipeline } from 'ferrule';

const hidden = define({ image: 'a' }, () => {});
export let changing = define({ image: 'b' }, () => {});
export default define({ image: 'c' }, () => {});
export function factory() {
  return define({ image: 'd' }, () => {});
}
export const inside = { step: ferrule.component({ image: 'e' }, () => {}) };
const kept = define({ image: 'f' }, () => {});
export { kept };

export const main = pipeline('component-in-wrong-place', {}, () => {
  kept({});
});
