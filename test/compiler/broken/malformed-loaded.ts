import { loadComponent, pipeline, type Dataset, type Int, type Model } from 'ferrule';

const missing = loadComponent('./parts/none.yaml', import.meta.url);
const broken = loadComponent('./parts/broken.yaml', import.meta.url);
// @ts-expect-error no place
const nowhere = loadComponent('./parts/greet.yaml');

interface OtherInputs {
  readonly name: Int;
  readonly times: Int;
  readonly data?: Dataset;
  readonly parts: Dataset;
  readonly volume: number;
}
const other = loadComponent<OtherInputs, { Output: Model; length: Int }>('./parts/greet.yaml', import.meta.url);

export default pipeline('malformed-loaded', {}, () => {
  missing();
  broken();
  nowhere();
  // @ts-expect-error inputs are left out: what is looked at are the files
  other({});
});
