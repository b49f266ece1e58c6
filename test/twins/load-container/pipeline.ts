import {
  component,
  forEach,
  int,
  loadComponent,
  pipeline,
  required,
  type Dataset,
  type Int,
  type Model,
} from 'ferrule';

interface FitInputs {
  readonly data: Dataset;
  readonly parts: readonly Dataset[];
  readonly base?: Model;
  readonly label?: string;
}

const fit = loadComponent<FitInputs, { model: Model; count: Int }>('./fit.yaml', import.meta.url);
export const use = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline(
  'load-container',
  { data: required<Dataset>(), parts: required<readonly Dataset[]>(), secret: 's' },
  ({ data, parts, secret }) => {
    const first = fit({ data, parts });
    forEach([int(1), int(2)], () => {
      const again = fit(
        { data, parts, base: first.outputs.model, label: 'x' },
        { image: secret, kubernetes: { secretEnv: [{ secret, keys: { k: 'K' } }] } },
      );
      use({ n: again.outputs.count });
    });
  },
);
