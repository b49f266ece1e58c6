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
  expect(backendNotes(compiled, 'kfp', 1000)).toEqual([
    { task: 'train', reason: expect.stringContaining('its image "train" is a plain name') as string },
    { task: 'train', reason: expect.stringContaining('it takes the secrets TOKEN') as string },
  ]);
  expect(
    backendNotes(compiled, 'vertex', 1_000_000).map(
      ({ task, reason }) => `${task ?? ''}: ${reason.slice(0, 30)}`,
    ),
  ).toEqual([
    'train: its image "train" is a plain n',
    'train: it takes the secrets TOKEN fro',
    'train: Vertex AI names accelerators b',
    'train: its timeout is a setting of Ku',
  ]);
});

test('a document that is too large for a backend is told with both sizes', async () => {
  const { compiled } = await testProject(files).compile();
  expect(backendNotes(compiled, 'kfp', 1_000_001).at(-1)?.reason).toMatch(
    /has 1000001 bytes, and the backend takes 1000000/,
  );
});
