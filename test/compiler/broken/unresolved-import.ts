import { component, pipeline } from 'ferrule';
import { missing } from './not-there.ts';
import { other } from 'a-package-that-nobody-installed';

export const step = component({ image: 'a' }, () => {});

export default pipeline('unresolved-import', {}, () => {
  missing();
  other();
  step({});
});
