import { component, eq, forEach, gte, int, lt, ne, pipeline, required, when, type Int } from 'ferrule';

export const measure = component(
  { image: 'a' },
  (_inputs: { n: Int }): { loss: number; fine: boolean; name: string } => ({
    loss: 0.5,
    fine: true,
    name: 'x',
  }),
);
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export const judge = pipeline('judge', { n: required<Int>(), least: 0.5 }, ({ n, least }) => {
  const { loss, fine, name } = measure({ n }).outputs;
  when(gte(loss, least), () => use({ text: name }));
  return { loss, fine, name };
});

export default pipeline('conditions-on-outputs-of-pipelines', { n: int(1), names: ['a'] }, ({ n, names }) => {
  const judged = judge({ n }).outputs;
  when(eq(judged.fine, true), () => {
    when(lt(judged.loss, 0.25), () => {
      use({ text: judged.name });
    })
      .elseWhen(eq(judged.name, 'x'), () => {
        const again = judge({ n: 2, least: judged.loss }).outputs;
        when(ne(again.loss, judged.loss), () => use({ text: again.name }));
      })
      .otherwise(() => {
        use({ text: 'neither' });
      });
  });
  forEach(names, (name) => {
    when(eq(name, judged.name), () => use({ text: name }));
  });
});
