import { expect, test } from 'vitest';
import { backendNotes } from '../../compiler/index.ts';
import { testProject } from './project.ts';

const files = {
  'steps.ts': `import { component } from 'ferrule';
export const train = component({ image: 'train', accelerator: { type: 'nvidia.com/gpu' }, secretEnv: ['TOKEN'] }, () => {});
export const light = component({}, () => {});
`,
  'pipeline.ts': `import { pipeline } from 'ferrule';
import { light, train } from './steps.ts';
export default pipeline('p', {}, () => { train({}, { timeout: '1h' }); light({}); });
`,
};

test('what a backend could not run is told task by task', async () => {
  const { compiled } = await testProject(files).compile();
  expect(backendNotes(compiled, 'kfp')).toEqual([
    { task: 'train', reason: expect.stringContaining('its image "train" is a plain name') as string },
    { task: 'train', reason: expect.stringContaining('it takes the secrets TOKEN') as string },
  ]);
  expect(
    backendNotes(compiled, 'vertex').map(({ task, reason }) => `${task ?? ''}: ${reason.slice(0, 30)}`),
  ).toEqual([
    'train: its image "train" is a plain n',
    'train: it takes the secrets TOKEN fro',
    'train: Vertex AI names accelerators b',
    'train: its timeout is a setting of Ku',
  ]);
});
