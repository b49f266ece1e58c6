import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { dockerEngine, kfpPython } from '../counterparts.ts';
import { docker } from '../runners/docker/images.ts';
import { makeProject } from './project.ts';

const slow = `
import { component, int, pipeline, type Int } from 'ferrule';
interface Inputs { readonly n: Int }
export const slow = component({}, async ({ n }: Inputs): Promise<{ ticks: Int }> => {
  for (let i = 0; i < n; i++) {
    console.log('tick', i);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  if (n > 50) throw new Error('too many');
  return { ticks: n };
});
export default pipeline('slow', { n: int(10) }, ({ n }) => ({ ticks: slow({ n }).outputs.ticks }));
`;

describe.skipIf(dockerEngine === undefined)('ferrule run --runner docker', () => {
  it('goes on after its command line was killed, with a resume', async () => {
    const project = makeProject({ 'pipeline.ts': slow });
    const run = project.start('run', 'pipeline.ts', '--runner', 'docker');
    await run.said('tick 3');
    run.child.kill('SIGKILL');
    const { stdout, stderr } = await run.ended;
    const id = /slow run (\S+)/.exec(stdout + stderr)?.[1] ?? '';
    const left = await docker().listContainers({ filters: { label: [`dev.ferrule.run=${id}`] } });
    expect(left.map(({ State }) => State)).toEqual(['running']);
    const resumed = await project.ferrule('resume', id, '--runner', 'docker');
    expect(resumed.stdout + resumed.stderr).toContain('ticks  10');
    const logs = await project.ferrule('logs', id, 'slow');
    expect(logs.stdout.trim().split('\n')).toEqual(Array.from({ length: 10 }, (_, i) => `tick ${i}`));
    project.remove();
  });

  it('leaves no container behind when it is cancelled', async () => {
    const project = makeProject({ 'pipeline.ts': slow });
    const run = project.start('run', 'pipeline.ts', '--runner', 'docker', '--param', 'n=12');
    await run.said('tick 1');
    run.child.kill('SIGINT');
    const { stdout, stderr } = await run.ended;
    const id = /slow run (\S+)/.exec(stdout + stderr)?.[1] ?? '';
    expect(stdout + stderr).toContain('slow cancelled');
    const filters = { label: [`dev.ferrule.run=${id}`] };
    expect(await docker().listContainers({ all: true, filters })).toEqual([]);
    project.remove();
  });
});

const pythonImage = process.env['FERRULE_TEST_PYTHON_IMAGE'];
const noPython = dockerEngine === undefined || kfpPython === undefined || pythonImage === undefined;

describe.skipIf(noPython)('a pipeline that Python compiled', () => {
  const source = `
from typing import NamedTuple
from kfp import compiler, dsl

IMAGE = '${pythonImage ?? ''}'

@dsl.component(base_image=IMAGE, install_kfp_package=False)
def make(n: int, data: dsl.Output[dsl.Dataset]) -> NamedTuple('Made', [('total', int), ('items', list)]):
    from collections import namedtuple
    with open(data.path, 'w') as file:
        file.write('x' * n)
    data.metadata['rows'] = n
    return namedtuple('Made', 'total items')(n + 1, [1, 'a'])

@dsl.component(base_image=IMAGE, install_kfp_package=False)
def use(data: dsl.Input[dsl.Dataset], total: int, items: list) -> str:
    if total > 50:
        raise ValueError('too many')
    return f"{len(open(data.path).read())} {total} {items} {data.metadata['rows']}"

@dsl.container_component
def shell(text: str, out: dsl.OutputPath(str), extra: str = None):
    return dsl.ContainerSpec(image=IMAGE, command=['sh', '-c', 'printf "%s" "$*" > "$0"', out], args=[
        dsl.ConcatPlaceholder(['<', text, '>']),
        dsl.IfPresentPlaceholder('extra', [extra], ['nothing', 'more'])])

@dsl.pipeline(name='from-python')
def run(n: int = 5, memory: str = '256Mi') -> str:
    made = make(n=n).set_memory_limit(memory)
    used = use(data=made.outputs['data'], total=made.outputs['total'], items=made.outputs['items'])
    return shell(text=used.output).outputs['out']

compiler.Compiler().compile(run, 'pipeline.yaml')
`;

  it('runs unchanged: its components, its placeholders and its limits', async () => {
    const project = makeProject({ 'pipeline.py': source });
    const compiled = spawnSync(kfpPython ?? '', ['-W', 'ignore', 'pipeline.py'], { cwd: project.folder });
    expect(compiled.stderr.toString()).not.toContain('Error');
    const ran = await project.ferrule('run', 'pipeline.yaml', '--runner', 'docker');
    expect(ran.stdout + ran.stderr).toContain("<5 6 [1, 'a'] 5> nothing more");
    const failed = await project.ferrule('run', 'pipeline.yaml', '--runner', 'docker', '--param', 'n=60');
    expect(failed.status).toBe(1);
    expect(failed.stdout + failed.stderr).toContain(
      'FER6020  use: the container ended with exit code 1; its last line: ValueError: too many',
    );
    project.remove();
  });
});
