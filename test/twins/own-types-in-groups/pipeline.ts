import { component, eq, forEach, oneOf, pipeline, required, when, type Artifact, type Int } from 'ferrule';

interface Sketch extends Artifact<'google.Sketch', '0.2.0'> {}

export const draw = component({ image: 'a' }, (_inputs: { n: Int }, _out: { sketch: Sketch }) => {});
export const hang = component({ image: 'a' }, (_inputs: { sketch: Sketch; any: Artifact }) => {});

export const hangBoth = pipeline(
  'hang-both',
  { sketch: required<Sketch>(), best: required<Sketch>() },
  ({ sketch, best }) => {
    forEach([1, 2], () => hang({ sketch, any: best }));
  },
);

export default pipeline('own-types-in-groups', { fine: true }, ({ fine }) => {
  const best = oneOf(
    when(eq(fine, true), () => {
      const one = draw({ n: 1 });
      forEach([1, 2], (n) => {
        const drawn = draw({ n });
        hangBoth({ sketch: drawn.outputs.sketch, best: one.outputs.sketch });
      });
      return one;
    }).otherwise(() => draw({ n: 3 })),
  );
  hangBoth({ sketch: best.sketch, best: best.sketch });
});
