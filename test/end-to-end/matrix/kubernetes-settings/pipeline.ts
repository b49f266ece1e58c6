import { component, pipeline } from 'ferrule';
import { readFileSync, statSync } from 'node:fs';

export const tell = component({}, async (): Promise<string> => {
  const { env } = process;
  const read = (path: string): string => readFileSync(path, 'utf8');
  const python = (truth: boolean): string => (truth ? 'True' : 'False');
  return [
    env['PASSWORD'],
    read('/secrets/password'),
    env['COLOUR'],
    read('/settings/colour'),
    python(env['NODE']?.startsWith('ferrule-') === true),
    python(statSync('/scratch').isDirectory()),
    env['LABEL'],
  ].join(' ');
});

export default pipeline(
  'kubernetes-settings',
  { secret: 'harbour' },
  ({ secret }) =>
    tell(
      {},
      {
        kubernetes: {
          secretEnv: [{ secret, keys: { password: 'PASSWORD' } }],
          secretVolumes: [{ secret: 'harbour', mountPath: '/secrets' }],
          configMapEnv: [{ configMap: 'harbour', keys: { colour: 'COLOUR' } }],
          configMapVolumes: [{ configMap: 'harbour', mountPath: '/settings' }],
          fieldEnv: { NODE: 'spec.nodeName', LABEL: "metadata.labels['team']" },
          emptyDirs: [{ name: 'scratch', mountPath: '/scratch', medium: 'Memory', sizeLimit: '8Mi' }],
          labels: { team: 'vision' },
          annotations: { 'example.com/why': 'a test' },
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ key: 'example.com/busy', operator: 'Exists', effect: 'NoSchedule' }],
          imagePullPolicy: 'IfNotPresent',
        },
      },
    ).outputs,
);
