import { container, onExit, pipeline, type FinalStatus } from 'ferrule';

export const tell = container<{ status: FinalStatus; to?: string }>(({ status, to = 'me' }) => ({
  image: 'busybox',
  args: ['--status', status, '--to', to],
}));
export const work = container(() => ({ image: 'busybox' }));

export default pipeline(
  'container-exit',
  { secret: 's', image: 'alpine', to: 'you' },
  ({ secret, image, to }) => {
    const told = tell(
      { to },
      {
        image,
        cpu: 1,
        displayName: 'Tell',
        timeout: '60s',
        kubernetes: { secretEnv: [{ secret, keys: { token: 'TOKEN' } }] },
      },
    );
    onExit(
      told,
      () => {
        work({}, { kubernetes: { secretVolumes: [{ secret, mountPath: '/s' }] } });
      },
      { name: 'The work' },
    );
  },
);
