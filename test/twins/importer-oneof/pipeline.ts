import { component, eq, importer, oneOf, pipeline, when, type Model } from 'ferrule';

export const train = component({ image: 'a' }, (_inputs: {}, _out: { model: Model }) => {});
export const use = component({ image: 'a' }, (_inputs: { model: Model }) => {});

export default pipeline('importer-oneof', { base: '' }, ({ base }) => {
  const model = when(eq(base, ''), () => train().outputs.model).otherwise(
    () => importer<Model>({ uri: base }).outputs.artifact,
  );
  use({ model: oneOf(model) });
});
