/** Settings that a component hands on to work of its own, on a runner that has no pods. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProject, type Project } from './project.ts';

const source = `
import { component, pipeline, type JsonValue, type TaskConfig } from 'ferrule';

const fields = ['resources', 'tolerations', 'nodeSelector', 'volumes', { field: 'env', applyToTask: true }] as const;
export const launch = component(
  { taskConfigPassthroughs: [...fields] },
  ({ config, name }: { config: TaskConfig; name: string }): { config: JsonValue; own: string; name: string } => ({
    config: { ...config } as never,
    own: process.env['MODE'] ?? 'none',
    name,
  }),
);
export const pick = component({}, (_: { of: string }): { memory: string; secret: string } => ({ memory: '2Gi', secret: 'keys' }));

export default pipeline('launching', { zone: 'a' }, ({ zone }) => {
  const picked = pick({ of: zone }).outputs;
  const launched = launch({ name: zone }, {
    cpu: '2',
    memory: picked.memory,
    env: { MODE: 'fast' },
    kubernetes: {
      nodeSelector: { zone: 'a' },
      tolerations: [{ key: 'gpu', operator: 'Exists' }],
      secretVolumes: [{ secret: picked.secret, mountPath: '/keys' }],
    },
  });
  return { ...launched.outputs };
});
`;

let project: Project;
beforeAll(() => {
  project = makeProject({ 'pipeline.ts': source });
});
afterAll(() => project.remove());

it('is told to the component as a pod would have them, and is not asked of the runner', async () => {
  const ran = await project.ferrule('run', 'pipeline.ts', '--json');
  expect(JSON.parse(ran.stdout)).toMatchObject({
    status: 'succeeded',
    outputs: {
      name: 'a',
      own: 'fast',
      config: {
        resources: { limits: { cpu: '2', memory: '2Gi' } },
        env: [{ name: 'MODE', value: 'fast' }],
        nodeSelector: { zone: 'a' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        volumes: [{ name: 'secret-keys', secret: { secretName: 'keys', optional: false } }],
        volumeMounts: [{ name: 'secret-keys', mountPath: '/keys' }],
      },
    },
  });
  const again = await project.ferrule('run', 'pipeline.ts', '--json');
  expect(
    (JSON.parse(again.stdout) as { tasks: { status: string }[] }).tasks.map(({ status }) => status),
  ).toEqual(['cached', 'cached']);
}, 60_000);
