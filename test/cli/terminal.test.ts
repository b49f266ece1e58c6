import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { script } from '../counterparts.ts';
import { makeProject, type Project } from './project.ts';

const command = resolve(import.meta.dirname, '..', '..', 'bin', 'ferrule.mjs');

const source = `
import { component, pipeline } from 'ferrule';
export const first = component({}, async (): Promise<string> => {
  console.log('working');
  await new Promise((done) => setTimeout(done, 2000));
  return 'x';
});
export const second = component({}, ({ text }: { text: string }): string => text + 'y');
export default pipeline('two-steps', {}, () => ({ said: second({ text: first({}).outputs.Output }).outputs.Output }));
`;

let project: Project;
beforeAll(() => {
  project = makeProject({ 'pipeline.ts': source });
});
afterAll(() => project.remove());

describe.skipIf(script === undefined)('on a terminal', () => {
  it('a run is one line a task, redrawn in place, and stays readable at the end', async () => {
    const call = `stty cols 90 rows 30; exec ${process.execPath} ${command} run ${join(project.folder, 'pipeline.ts')}`;
    const env = {
      ...process.env,
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      CI: undefined,
      FERRULE_NO_BUILD: '1',
    };
    const { stdout } = await promisify(execFile)('script', ['-qec', call, '/dev/null'], {
      env,
      cwd: project.folder,
    });
    expect(stdout).toContain('\u001B[2K');
    const lines = stripVTControlCharacters(stdout).split(/\r?\n/);
    expect(lines.some((line) => /⠋|⠙|⠹|⠸|⠼/.test(line) && line.includes('working'))).toBe(true);
    expect(lines.some((line) => line.includes('second') && line.includes('waits for first'))).toBe(true);
    const end = lines.slice(-10).join('\n');
    expect(end).toMatch(/✓\s+first\s+\d+\.\d s/);
    expect(end).toMatch(/✓\s+second/);
    expect(end).toMatch(/succeeded in/);
    expect(end).toMatch(/said\s+xy/);
    expect(end).not.toContain('first started');
  });

  it('a root that cannot be opened ends the command, and does not leave the view running', async () => {
    const root = project.write('no-folder', '');
    const call = `stty cols 90 rows 30; exec ${process.execPath} ${command} run pipeline.ts --root ${join(root, 'below')}`;
    const env = {
      ...process.env,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      CI: undefined,
      FERRULE_NO_BUILD: '1',
    };
    const ended = promisify(execFile)('script', ['-qec', call, '/dev/null'], {
      env,
      cwd: project.folder,
      timeout: 20_000,
    });
    await expect(ended).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('FER') as string });
  });
});
