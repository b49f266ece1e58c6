import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../cli/result.ts';
import { makeProject, type Project } from './project.ts';

/** Three tasks in a row; the second waits for as long as a file called `wait` is there. */
const source = `
import { component, pipeline } from 'ferrule';
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const first = component({}, ({ folder }: { folder: string }): string => {
  appendFileSync(folder + '/ran', 'first\\n');
  return folder;
});
export const second = component({}, async ({ folder }: { folder: string }): Promise<string> => {
  appendFileSync(folder + '/ran', 'second\\n');
  console.log('waiting');
  while (existsSync(folder + '/wait')) await sleep(20);
  return folder;
});
export const third = component({}, ({ folder }: { folder: string }): string => {
  appendFileSync(folder + '/ran', 'third\\n');
  return 'done';
});
export default pipeline('three', { folder: '.' }, ({ folder }) => {
  const a = first({ folder });
  const b = second({ folder: a.outputs.Output });
  return { said: third({ folder: b.outputs.Output }).outputs.Output };
});
`;

const projects: Project[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

function waitingProject(): Project {
  const project = makeProject({ 'pipeline.ts': source, wait: '' });
  projects.push(project);
  return project;
}

const ran = ({ folder }: Project): string => readFileSync(join(folder, 'ran'), 'utf8');
const stopWaiting = async ({ folder }: Project): Promise<void> => {
  const { rmSync } = await import('node:fs');
  rmSync(join(folder, 'wait'));
};

/** Whether a process is there and not a zombie. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

describe('a run that is interrupted', () => {
  it('by Ctrl-C is cancelled cleanly, and resume finishes it without repeating what is done', async () => {
    const project = waitingProject();
    const run = project.start('run', 'pipeline.ts', '-p', `folder=${project.folder}`);
    await run.said('waiting');
    run.child.kill('SIGINT');
    const { status, stdout } = await run.ended;
    expect(status).toBe(130);
    expect(stdout).toContain('ferrule resume');
    expect((await project.ferrule('runs')).stdout).toContain('cancelled');
    await stopWaiting(project);
    const resumed = await project.ferrule('resume', '--json');
    expect((JSON.parse(resumed.stdout) as RunResult).outputs).toEqual({ said: 'done' });
    expect(resumed.status).toBe(0);
    expect(ran(project)).toBe('first\nsecond\nsecond\nthird\n');
  });

  it('by one wish that arrives twice, as npm and timeout pass it on, is cancelled cleanly too', async () => {
    const project = waitingProject();
    const run = project.start('run', 'pipeline.ts', '-p', `folder=${project.folder}`, '--json');
    await run.said('waiting');
    run.child.kill('SIGTERM');
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.status).toBe(130);
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'cancelled' });
  });

  it('by kill -9 leaves no process behind, and resume finishes it', async () => {
    const project = waitingProject();
    const run = project.start('run', 'pipeline.ts', '-p', `folder=${project.folder}`);
    await run.said('waiting');
    run.child.kill('SIGKILL');
    await run.ended;
    expect(isAlive(run.child.pid ?? 0)).toBe(false);
    expect((await project.ferrule('runs', '--status', 'interrupted')).stdout).toMatch(/three +interrupted/);
    expect((await project.ferrule('show')).stdout).toMatch(/interrupted +1 ran\n\nGo on .*ferrule resume/);
    expect(JSON.parse((await project.ferrule('show', '--json')).stdout)).toMatchObject({
      status: 'interrupted',
    });
    expect((await project.ferrule('cancel')).stdout).toContain('was interrupted: nothing of it runs');
    await stopWaiting(project);
    const resumed = await project.ferrule('resume', 'latest', '--json');
    const result = JSON.parse(resumed.stdout) as RunResult;
    expect(result).toMatchObject({ status: 'succeeded', outputs: { said: 'done' } });
    expect(ran(project)).toBe('first\nsecond\nsecond\nthird\n');
  });

  it('by nobody is told from one that is, and resume leaves it alone', async () => {
    const project = waitingProject();
    const run = project.start('run', 'pipeline.ts', '-p', `folder=${project.folder}`);
    await run.said('waiting');
    expect((await project.ferrule('runs')).stdout).toMatch(/three +running/);
    expect((await project.ferrule('show')).stdout).toContain('running  1 ran');
    const refused = await project.ferrule('resume');
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toMatch(/FER1005 .*process \d+ on .* drives it\n.*ferrule resume .* --force/);
    const taken = project.start('resume', '--force');
    await taken.said('second started, attempt 2');
    await stopWaiting(project);
    expect((await run.ended).stderr).toContain('FER4005');
    expect(await taken.ended).toMatchObject({ status: 0 });
    expect((await project.ferrule('runs')).stdout).toMatch(/three +succeeded/);
  });

  it('by `ferrule cancel` from a second terminal ends as cancelled', async () => {
    const project = waitingProject();
    const run = project.start('run', 'pipeline.ts', '-p', `folder=${project.folder}`);
    await run.said('waiting');
    expect((await project.ferrule('cancel')).stdout).toContain('will be cancelled');
    const { status, stdout } = await run.ended;
    expect(status).toBe(130);
    expect(stdout).toContain('cancelled');
    expect((await project.ferrule('cancel')).stdout).toContain('has already been cancelled');
  });

  it('by an edit while it is watched is cancelled and started anew', async () => {
    const project = waitingProject();
    const run = project.start('run', 'pipeline.ts', '--watch', '-p', `folder=${project.folder}`);
    await run.said('waiting');
    project.write('pipeline.ts', source.replace("return 'done'", "return 'edited'"));
    await run.said('cancelled in');
    await stopWaiting(project);
    await run.said('edited');
    await run.said('watching');
    run.child.kill('SIGINT');
    expect((await run.ended).status).toBe(130);
  });
});
