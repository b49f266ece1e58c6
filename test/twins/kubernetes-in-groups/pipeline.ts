import { component, eq, forEach, ne, pipeline, required, when } from 'ferrule';

export const choose = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export const inner = pipeline(
  'inner',
  { secret: required<string>(), claim: 'claim' },
  ({ secret, claim }) => {
    use({ text: 'inner' }, { kubernetes: { secretEnv: [{ secret, keys: { key: 'KEY' } }] } });
    when(ne(claim, ''), () =>
      use({ text: 'with a claim' }, { kubernetes: { volumes: [{ claim, mountPath: '/data' }] } }),
    );
  },
);

export default pipeline(
  'kubernetes-in-groups',
  { secret: 'secret', secrets: ['a', 'b'] },
  ({ secret, secrets }) => {
    const chosen = choose({ text: 'x' }).outputs.Output;
    forEach(secrets, (item) => {
      use(
        { text: 'in a loop' },
        {
          kubernetes: {
            secretEnv: [{ secret: item, keys: { password: 'PASSWORD' } }],
            configMapVolumes: [{ configMap: chosen, mountPath: '/config' }],
          },
        },
      );
      when(eq(item, secret), () =>
        use(
          { text: 'in both' },
          {
            kubernetes: {
              secretVolumes: [{ secret, mountPath: '/secret', optional: true }],
              imagePullSecrets: [item],
              configMapEnv: [{ configMap: 'fixed', keys: { mode: 'MODE' } }],
            },
          },
        ),
      );
    });
    inner({ secret });
  },
);
