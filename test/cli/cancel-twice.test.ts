/** What is said to someone who cancels a run with an exit task, the first and the second time. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProject, type Project } from './project.ts';

const source = `
import { setTimeout } from 'node:timers/promises';
import { component, onExit, pipeline, type TaskContext } from 'ferrule';

const wait = (signal: AbortSignal) => setTimeout(60_000, undefined, { signal });
export const work = component({}, async (_: {}, _out: {}, { signal }: TaskContext) => { await wait(signal); });
export const tell = component({}, async (_: {}, _out: {}, { signal }: TaskContext) => { await wait(signal); });

export default pipeline('guarded', {}, () => { onExit(tell(), () => { work(); }); });
`;

let project: Project;
beforeAll(() => {
  project = makeProject({ 'pipeline.ts': source });
});
afterAll(() => project.remove());

it('the first cancel lets the exit task run, and says so; the second ends it', async () => {
  const run = project.start('run', 'pipeline.ts');
  await run.said('work started');
  const first = await project.ferrule('cancel', 'latest');
  expect(first.stdout).toContain('its exit task still runs: cancel once more to end that too');
  await run.said('tell started');
  const second = await project.ferrule('cancel', 'latest');
  expect(second.stdout).toMatch(/will be cancelled, its exit task too/);
  expect(await run.ended).toMatchObject({ status: 130 });
}, 60_000);
