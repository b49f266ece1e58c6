import { component, forEach, gt, int, pipeline, when, type Dataset, type Int } from 'ferrule';

export const make = component(
  { image: 'a' },
  (
    { xML = 'a', data_2 = 0.5 }: { N_Items: Int; hidden_: string; xML?: string; data_2?: number },
    _out: { Out_Data: Dataset },
  ): { Total: Int; per_item: string[]; output: string } => {
    return { Total: data_2, per_item: [], output: xML };
  },
);
export const use = component({ image: 'a' }, (_inputs: { text: string; Data: Dataset; item: string }) => {});

export default pipeline(
  'names-of-inputs',
  { N_Items: int(3), hidden_: 'x', camelCase: 'y' },
  ({ N_Items, hidden_, camelCase }) => {
    const made = make({ N_Items, hidden_, xML: camelCase }).outputs;
    forEach(made.per_item, (item) => {
      when(gt(made.Total, N_Items), () =>
        use({ text: `${made.output} ${hidden_} ${camelCase}`, Data: made.Out_Data, item }),
      );
    });
  },
);
