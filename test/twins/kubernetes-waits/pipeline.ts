import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const name = component({ image: 'a' }, (inputs: { of: string }): string => inputs.of);
export const step = component({ image: 'a' }, ({ n = 1 }: { n?: Int }) => void n);

export default pipeline('kubernetes-waits', {}, () => {
  const a = name({ of: 'a' });
  const b = name({ of: 'b' }, { after: [a] });
  step(
    {},
    {
      kubernetes: {
        secretEnv: [{ secret: a.outputs.Output, keys: { k: 'K' } }],
        secretVolumes: [{ secret: a.outputs.Output, mountPath: '/a' }],
        configMapEnv: [{ configMap: b.outputs.Output, keys: { c: 'C' } }],
        imagePullSecrets: [b.outputs.Output, 'fixed'],
      },
    },
  );
  when(eq(a.outputs.Output, 'a'), () => {
    step({ n: 2 }, { kubernetes: { secretEnv: [{ secret: b.outputs.Output, keys: { k: 'K' } }] } });
    forEach([int(1), int(2)], (n) => {
      step({ n }, { kubernetes: { volumes: [{ claim: a.outputs.Output, mountPath: '/x' }] } });
    });
  });
});
