import { component, eq, forEach, int, pipeline, when, type Int } from 'ferrule';

export const name = component({ image: 'a' }, (): string => 'made');
export const step = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline(
  'kubernetes-loop',
  { secret: 'given', xs: [int(1), int(2)], selector: { a: 'b' } },
  ({ secret, xs, selector }) => {
    const made = name();
    forEach(xs, (x) => {
      step(
        { n: x },
        {
          kubernetes: {
            secretEnv: [{ secret, keys: { k: 'K' } }],
            configMapVolumes: [{ configMap: made.outputs.Output, mountPath: '/made' }],
            volumes: [{ claim: 'fixed', mountPath: '/fixed' }],
            nodeSelector: selector,
          },
        },
      );
      when(eq(x, 1), () => {
        step(
          { n: 2 },
          {
            kubernetes: {
              secretVolumes: [{ secret: made.outputs.Output, mountPath: '/s' }],
              imagePullSecrets: [secret],
            },
          },
        );
        const inside = name();
        step({ n: 3 }, { kubernetes: { secretEnv: [{ secret: inside.outputs.Output, keys: { k: 'K' } }] } });
      });
    });
  },
);
