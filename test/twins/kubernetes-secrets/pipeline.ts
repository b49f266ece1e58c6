import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('kubernetes-secrets', { name: 'given' }, ({ name }) => {
  step(
    {},
    {
      kubernetes: {
        secretEnv: [
          { secret: 'db', keys: { user: 'DB_USER', password: 'DB_PASSWORD' } },
          { secret: name, keys: { k: 'K' }, optional: true },
        ],
        secretVolumes: [
          { secret: 'tls', mountPath: '/tls' },
          { secret: name, mountPath: '/given', optional: true },
        ],
        imagePullSecrets: ['registry', name],
      },
    },
  );
});
