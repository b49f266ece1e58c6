import { component, pipeline, required } from 'ferrule';

export const step = component({ image: 'a' }, () => {});
export const other = component({ image: 'a' }, () => {});

export const inner = pipeline('inner', { secret: required<string>(), selector: { a: 'b' } }, (given) => {
  const { secret, selector } = given;
  other(
    {},
    {
      timeout: '30s',
      kubernetes: { secretEnv: [{ secret, keys: { k: 'K' } }], nodeSelector: selector },
    },
  );
});

export default pipeline('kubernetes-nested', { secret: 'given' }, ({ secret }) => {
  step({}, { kubernetes: { secretVolumes: [{ secret, mountPath: '/s' }] } });
  inner({ secret });
});
