import { pipeline } from 'ferrule';
import { fetch } from './parts/fetch.ts';
import { train } from './parts/train.ts';

export default pipeline('several-files', {}, () => {
  const fetched = fetch({});
  train({ data: fetched.outputs.nothing });
});
