import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { makeProject, startIn, type Project } from '../cli/project.ts';
import { kfpPython } from '../counterparts.ts';
import { isRunning } from './processes.ts';
import { pythonContainer } from './python-attempts.ts';

/** Leaves its process, its interpreter's and its child's by number, and computes without a pause. */
const source = `def f(folder: str) -> str:
    import os, signal, subprocess
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "600"])
    with open(folder + "/pids.tmp", "w") as file:
        file.write("%d %d %d" % (os.getpid(), os.getppid(), child.pid))
    os.rename(folder + "/pids.tmp", folder + "/pids")
    if os.path.exists(folder + "/second"):
        return "went on"
    while True: pass
`;

describe.skipIf(kfpPython === undefined)('Python components of a command that dies', () => {
  let project: Project;
  const env = { FERRULE_PYTHON: kfpPython ?? '' };

  beforeAll(() => {
    const outputs = { outputDefinitions: { parameters: { Output: { parameterType: 'STRING' as const } } } };
    const folder = { parameterType: 'STRING' as const };
    project = makeProject({
      'pipeline.yaml': writePipelineYaml({
        spec: {
          pipelineInfo: { name: 'endless' },
          schemaVersion: '2.1.0',
          sdkVersion: 'kfp-2.17.0',
          components: {
            'comp-f': { executorLabel: 'exec-f', inputDefinitions: { parameters: { folder } }, ...outputs },
          },
          deploymentSpec: { executors: { 'exec-f': { container: pythonContainer(source) } } },
          root: {
            inputDefinitions: { parameters: { folder } },
            dag: {
              tasks: {
                f: {
                  taskInfo: { name: 'f' },
                  componentRef: { name: 'comp-f' },
                  inputs: { parameters: { folder: { componentInputParameter: 'folder' } } },
                },
              },
            },
          },
        },
      }),
    });
  });
  afterAll(() => project.remove());

  const pids = async (): Promise<number[]> => {
    const file = join(project.folder, 'pids');
    await expect.poll(() => existsSync(file), { timeout: 30_000 }).toBe(true);
    return readFileSync(file, 'utf8').split(' ').map(Number);
  };

  it('die with it, with their interpreter and all that they started; a resume goes on', async () => {
    const args = ['run', 'pipeline.yaml', '--param', `folder=${project.folder}`];
    const run = startIn(project.folder, args, env);
    const processes = await pids();
    expect(processes.map(isRunning)).toEqual([true, true, true]);
    run.child.kill('SIGKILL');
    const { stdout, stderr } = await run.ended;
    await expect.poll(() => processes.filter(isRunning), { timeout: 10_000 }).toEqual([]);
    const id = /endless run (\S+)/.exec(stdout + stderr)?.[1] ?? '';
    project.write('second', '');
    const resumed = await startIn(project.folder, ['resume', id], env).ended;
    expect(resumed.stdout).toContain('succeeded');
  });
});
