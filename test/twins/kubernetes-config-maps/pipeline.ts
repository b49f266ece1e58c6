import { component, pipeline } from 'ferrule';

export const name = component({ image: 'a' }, (): string => 'made');
export const step = component({ image: 'a' }, () => {});

export default pipeline('kubernetes-config-maps', { given: 'given' }, ({ given }) => {
  const made = name();
  step(
    {},
    {
      kubernetes: {
        configMapEnv: [
          { configMap: 'cm', keys: { a: 'A' } },
          { configMap: made.outputs.Output, keys: { b: 'B' }, optional: true },
        ],
        configMapVolumes: [
          { configMap: 'cm', mountPath: '/cm', optional: true },
          { configMap: given, mountPath: '/given' },
        ],
      },
    },
  );
});
