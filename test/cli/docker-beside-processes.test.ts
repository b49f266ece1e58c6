import { execFileSync } from 'node:child_process';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, kfpPython } from '../counterparts.ts';
import { build, shellImage } from '../runners/docker/images.ts';
import { makeProject, startIn, type Called, type Project } from './project.ts';

const source = `
from kfp import compiler, dsl, kubernetes

@dsl.component(install_kfp_package=False)
def count(n: int, folder: str) -> str:
    with open(folder + '/note', 'w') as file:
        file.write('left by Python')
    return 'n is %d' % n

@dsl.container_component
def shell(text: str, folder: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image='${shellImage}', command=['sh', '-c',
        'mkdir -p "$(dirname "$0")"; printf "%s, %s" "$1" "$(cat $2/note)" > "$0"'], args=[out, text, folder])

@dsl.pipeline(name='mixed', pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi')))
def mixed(n: int = 5) -> str:
    counted = count(n=n, folder=dsl.WORKSPACE_PATH_PLACEHOLDER)
    kubernetes.add_toleration(counted, key='gpu', operator='Exists')
    return shell(text=counted.output, folder=dsl.WORKSPACE_PATH_PLACEHOLDER).outputs['out']

compiler.Compiler().compile(mixed, 'mixed.yaml')

@dsl.pipeline(name='cached')
def cached(n: int = 5) -> str:
    @dsl.component(install_kfp_package=False)
    def text(n: int) -> str:
        return 'n is %d' % n
    @dsl.container_component
    def again(text: str, out: dsl.OutputPath(str)):
        return dsl.ContainerSpec(image='${shellImage}', command=['sh', '-c', 'printf "%s!" "$1" > "$0"'], args=[out, text])
    return again(text=text(n=n).output).outputs['out']

compiler.Compiler().compile(cached, 'cached.yaml')

@dsl.pipeline(name='pods')
def pods(n: int = 5):
    task = count(n=n, folder='/tmp')
    kubernetes.use_secret_as_env(task, secret_name='s', secret_key_to_env={'k': 'K'})

compiler.Compiler().compile(pods, 'pods.yaml')
`;

const pythonImage = process.env['FERRULE_TEST_PYTHON_IMAGE'];

/** A component whose image holds its module, as `kfp component build` makes it. */
const inImage = `from kfp import compiler, dsl

@dsl.component(base_image='${pythonImage ?? ''}', target_image='ferrule-test/in-image', install_kfp_package=False)
def where(n: int, data: dsl.Output[dsl.Dataset]) -> str:
    import os, neighbour
    with open(data.path, 'w') as file:
        file.write(neighbour.word * n)
    return os.getcwd()

@dsl.component(install_kfp_package=False)
def read(data: dsl.Input[dsl.Dataset], folder: str) -> str:
    return folder + ' ' + open(data.path).read()

@dsl.pipeline(name='in-image')
def in_image() -> str:
    made = where(n=2)
    return read(data=made.outputs['data'], folder=made.outputs['Output']).output

if __name__ == '__main__':
    compiler.Compiler().compile(in_image, 'in-image.yaml')
`;

describe.skipIf(kfpPython === undefined)('ferrule run without a choice of runner', () => {
  let project: Project;
  const run = (file: string, more: Readonly<Record<string, string>> = {}): Promise<Called> =>
    startIn(project.folder, ['run', file], { FERRULE_PYTHON: kfpPython ?? '', ...more }).ended;

  beforeAll(() => {
    project = makeProject({ 'pipelines.py': source });
    const compile = ['-W', 'ignore', 'pipelines.py'];
    execFileSync(kfpPython ?? '', compile, { cwd: project.folder, stdio: 'inherit' });
  });
  afterAll(() => project.remove());

  describe.skipIf(dockerEngine === undefined)('where a Docker engine answers', () => {
    it('runs Python components as processes, containers in Docker, and lets them share a folder', async () => {
      const { stdout, stderr } = await run('mixed.yaml');
      expect(stdout + stderr).toContain('n is 5, left by Python');
      expect(stdout.match(/^FER4018  tolerations is left out here: .*\(count\)$/gm)).toHaveLength(1);
    });

    it('keeps the results of both', async () => {
      const first = await run('cached.yaml');
      expect(first.stdout + first.stderr).toContain('n is 5!');
      const second = await run('cached.yaml');
      expect(second.stdout).toContain('2 from the cache');
    });
  });

  it.skipIf(dockerEngine === undefined || pythonImage === undefined)(
    'runs a Python component that has an image of its own in there',
    async () => {
      const context = pack();
      context.entry(
        { name: 'Dockerfile' },
        `FROM ${pythonImage ?? ''}\nWORKDIR /components\nCOPY *.py kfp_config.ini ./\nENV PYTHONPATH=/components\n`,
      );
      context.entry({ name: 'component.py' }, inImage);
      context.entry({ name: 'neighbour.py' }, "word = 'ab'\n");
      context.entry({ name: 'kfp_config.ini' }, '[Components]\nwhere = component.py\n');
      context.finalize();
      await build(context, 'ferrule-test/in-image');
      project.write('in_image.py', inImage);
      execFileSync(kfpPython ?? '', ['-W', 'ignore', 'in_image.py'], { cwd: project.folder });
      const { stdout, stderr } = await run('in-image.yaml');
      expect(stdout + stderr).toContain('/components abab');
    },
  );

  it('names the tasks that it cannot run where no Docker engine answers', async () => {
    const { status, stderr } = await run('mixed.yaml', { DOCKER_HOST: 'unix:///nowhere.sock' });
    expect(status).toBe(1);
    expect(stderr).toContain(
      `FER6014  the task "shell" cannot run here: it is neither a TypeScript nor a lightweight Python component, and no Docker engine answers to run its image ${shellImage}`,
    );
    expect(stderr).not.toContain('"count" cannot run');
  });

  it('refuses what only pods have', async () => {
    const { status, stderr } = await run('pods.yaml');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'FER6026  the task "count" cannot run here: it needs a Secret as variables (secretAsEnv)',
    );
  });
});
