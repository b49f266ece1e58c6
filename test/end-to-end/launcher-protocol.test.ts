/** What a compiled spec asks KFP's own launcher to run works under that launcher, and tells the backend what Python's does. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import type { ComponentSpec, ContainerSpec, PipelineSpec } from '../../spec/index.ts';
import { makeProject, type Project } from '../cli/project.ts';
import { dockerEngine, kfpPython } from '../counterparts.ts';
import { build, buildPrograms, ownRepository, removeImages } from '../images/project.ts';
import { compilePython } from './compile-python.ts';
import { launch, type Launched, type LaunchRequest } from './kfp-launcher.ts';

const pythonImage = process.env['FERRULE_TEST_PYTHON_IMAGE'];
const absent = [dockerEngine, kfpPython, pythonImage].includes(undefined);
const repository = ownRepository();

/** Two components of one body: one with an image of its own, one whose code travels in the spec. */
const components = `
import { component, type Artifact, type Dataset, type Int, type JsonValue, type Metrics, type Model } from 'ferrule';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
interface In {
  readonly text: string; readonly n: Int; readonly x: number; readonly flag: boolean;
  readonly items: readonly JsonValue[]; readonly deep: Readonly<Record<string, JsonValue>>;
  readonly template: string; readonly fallback?: string; readonly absent?: string;
  readonly data: Dataset; readonly many: readonly Dataset[]; readonly model: Model; readonly folder: Artifact;
}
interface Out { readonly report: Dataset; readonly metrics: Metrics }
interface Returned { text: string; n: Int; x: number; flag: boolean; items: readonly JsonValue[]; deep: Readonly<Record<string, JsonValue>>; template: string; fallback: string }
function work(inputs: In, out: Out): Returned {
  const { data, many, model, folder, absent, fallback = 'from the code', ...values } = inputs;
  const report = {
    data: readFileSync(data.path, 'utf8'), rows: data.metadata['rows'], uri: data.uri,
    many: many.map(({ path }) => readFileSync(path, 'utf8')),
    model: readFileSync(model.path + '/weights', 'utf8'),
    folder: readdirSync(folder.path).sort(),
    absent: absent ?? null,
  };
  writeFileSync(out.report.path, JSON.stringify(report));
  out.report.metadata['rows'] = 3;
  out.report.metadata['made by'] = 'test "quotes"';
  out.metrics.log('accuracy', 0.5);
  console.log('working in ' + process.cwd() + ' as ' + process.env['GREETING']);
  return { ...values, fallback };
}
/** In an image of its own. */
export const imaged = component({ image: '${repository}/protocol:1', env: { GREETING: 'hello' } },
  async (inputs: In, out: Out): Promise<Returned> => work(inputs, out));
/** With its code in the spec. */
export const carried = component({ env: { GREETING: 'hello' } },
  async (inputs: In, out: Out): Promise<Returned> => work(inputs, out));
/** Fails. */
export const failing = component({}, async ({ why }: { readonly why: string }): Promise<string> => { throw new Error(why); });
/** Has neither inputs nor outputs. */
export const empty = component({}, async () => { console.log('nothing to do'); });
`;

const pipeline = `
import { int, pipeline, type Artifact, type Dataset, type Model } from 'ferrule';
import { carried, empty, failing, imaged } from './steps.ts';
export default pipeline('protocol', { data: required<Dataset>(), many: required<readonly Dataset[]>(), model: required<Model>(), folder: required<Artifact>() }, (given) => {
  const values = { text: 't', n: int(1), x: 0.5, flag: true, items: [1], deep: { a: 1 }, template: '' };
  imaged({ ...values, ...given });
  carried({ ...values, ...given });
  failing({ why: 'no reason' });
  empty({});
});
`.replace('int, pipeline', 'int, pipeline, required');

/** The same component in Python. */
const python = `
import json
from typing import List, NamedTuple, Optional
from kfp import dsl
@dsl.component(base_image='${pythonImage ?? ''}', install_kfp_package=False)
def carried(text: str, n: int, x: float, flag: bool, items: list, deep: dict, template: str,
            data: dsl.Input[dsl.Dataset], many: dsl.Input[List[dsl.Dataset]], model: dsl.Input[dsl.Model], folder: dsl.Input[dsl.Artifact],
            report: dsl.Output[dsl.Dataset], metrics: dsl.Output[dsl.Metrics],
            fallback: str = 'from the code', absent: Optional[str] = None,
            ) -> NamedTuple('Returned', [('text', str), ('n', int), ('x', float), ('flag', bool), ('items', list), ('deep', dict), ('template', str), ('fallback', str)]):
    import json, os
    read = lambda path: open(path).read()
    told = {'data': read(data.path), 'rows': data.metadata['rows'], 'uri': data.uri, 'many': [read(one.path) for one in many],
            'model': read(model.path + '/weights'), 'folder': sorted(os.listdir(folder.path)), 'absent': absent}
    with open(report.path, 'w') as file:
        file.write(json.dumps(told, separators=(',', ':'), ensure_ascii=False))
    report.metadata['rows'] = 3
    report.metadata['made by'] = 'test "quotes"'
    metrics.log_metric('accuracy', 0.5)
    print('working in ' + os.getcwd() + ' as ' + os.environ['GREETING'])
    return (text, n, x, flag, items, deep, template, fallback)
@dsl.pipeline(name='protocol')
def main(data: dsl.Input[dsl.Dataset], many: dsl.Input[List[dsl.Dataset]], model: dsl.Input[dsl.Model], folder: dsl.Input[dsl.Artifact]):
    carried(text='t', n=1, x=0.5, flag=True, items=[1], deep={'a': 1}, template='', data=data, many=many, model=model,
            folder=folder).set_env_variable('GREETING', 'hello')
`;

const title = (name: string) => ({ schemaTitle: `system.${name}`, schemaVersion: '0.0.1' });
const parameters = {
  text: 'it\'s "quoted" \\ back\nand Grüße 世界 🚀  {"n": 1}',
  n: 9007199254740991,
  x: 1e21,
  flag: false,
  items: [1, 2.5, 'a', null, true, [], {}],
  deep: { b: { c: [1] }, a: 'z', '<&>': '' },
  template:
    "at {{$.inputs.parameters['pipelinechannel--where']}}, {{$.inputs.parameters['pipelinechannel--n']}} times",
  'pipelinechannel--where': 'sea level',
  'pipelinechannel--n': 3,
} as const;
/** Inputs that lie in four kinds of store. */
const artifacts: LaunchRequest['artifacts'] = {
  data: [
    {
      name: 'data',
      type: title('Dataset'),
      uri: 'gs://elsewhere/a b/data.csv',
      metadata: { rows: 7, display_name: 'data', store_session_info: '{"Provider":"gs"}' },
      content: 'a,b',
    },
  ],
  many: ['one', 'two'].map((content) => ({
    name: 'many',
    type: title('Dataset'),
    uri: `minio://mlpipeline/v2/artifacts/${content}`,
    content,
  })),
  model: [
    {
      name: 'model',
      type: title('Model'),
      uri: 'oci://registry.example/models/net:1',
      content: { weights: '0.1' },
    },
  ],
  folder: [
    {
      name: 'folder',
      type: title('Artifact'),
      uri: 's3://bucket/folder',
      content: { 'b.txt': '', 'a.txt': '' },
    },
  ],
};

describe.skipIf(absent)("KFP's own launcher", { timeout: 120_000 }, () => {
  let project: Project;
  let spec: PipelineSpec;
  let pythonSpec: PipelineSpec;

  const read = async (file: string): Promise<PipelineSpec> =>
    readPipelineDocument(await readFile(file, 'utf8'), file).spec;
  const parts = (of: PipelineSpec, task: string): { component: ComponentSpec; container: ContainerSpec } => {
    const component = of.components?.[of.root.dag?.tasks?.[task]?.componentRef?.name ?? ''];
    const container = of.deploymentSpec.executors?.[component?.executorLabel ?? '']?.container;
    if (component === undefined || container === undefined) throw new Error(`there is no task ${task}`);
    return { component, container };
  };
  const run = (task: string, more: Partial<LaunchRequest> = {}): Promise<Launched> =>
    launch({
      ...parts(spec, task),
      task,
      root: 'minio://mlpipeline/v2/artifacts/protocol/0b1',
      ...more,
    });

  beforeAll(async () => {
    await buildPrograms();
    project = makeProject({ 'steps.ts': components, 'pipeline.ts': pipeline, 'pipeline.py': python });
    await build(project);
    const compiled = await project.ferrule('compile', 'pipeline.ts', '-o', 'pipeline.yaml');
    if (compiled.status !== 0) throw new Error(compiled.stderr);
    spec = await read(join(project.folder, 'pipeline.yaml'));
    const document = join(project.folder, 'python.yaml');
    await compilePython({ [join(project.folder, 'pipeline.py')]: document });
    pythonSpec = await read(document);
  }, 300_000);
  afterAll(async () => {
    project.remove();
    await removeImages(repository);
  });

  const told = {
    data: 'a,b',
    rows: 7,
    uri: 'gs://elsewhere/a b/data.csv',
    many: ['one', 'two'],
    model: '0.1',
    folder: ['a.txt', 'b.txt'],
    absent: null,
  };
  const { 'pipelinechannel--where': _, 'pipelinechannel--n': __, ...values } = parameters;
  /** What the backend records of the component in each of its forms. */
  const expected = (task: string, root = 'minio://mlpipeline/v2/artifacts/protocol/0b1') => ({
    kind: 'succeeded',
    log: expect.stringContaining('as hello\n') as string,
    parameters: { ...values, template: 'at sea level, 3 times', fallback: 'from the code' },
    artifacts: {
      report: {
        uri: expect.stringMatching(`^${root}/${task}/[^/]+/report$`) as string,
        metadata: { rows: 3, 'made by': 'test "quotes"' },
        content: JSON.stringify(told),
      },
      metrics: {
        uri: expect.stringMatching(`^${root}/${task}/[^/]+/metrics$`) as string,
        metadata: { accuracy: 0.5 },
        content: undefined,
      },
    },
  });

  it.each([
    ['in an image of its own', 'imaged', false],
    ['in an image of its own', 'imaged', true],
    ['carried in the spec', 'carried', false],
    ['carried in the spec', 'carried', true],
  ] as const)(
    'runs a component %s, whether or not its JSON has spaces (%s, %s)',
    async (_name, task, spaced) => {
      expect(await run(task, { parameters, artifacts, spaced })).toEqual(expected(task));
    },
  );

  it("is told by Python's own executor what ours tells it", async () => {
    const root = 'minio://mlpipeline/v2/artifacts/protocol/0b1';
    const ran = await launch({
      ...parts(pythonSpec, 'carried'),
      task: 'carried',
      root,
      parameters,
      artifacts,
    });
    expect(ran).toEqual(expected('carried'));
  });

  it.each(['gs://bucket/root', 's3://bucket/root', 'minio://mlpipeline/v2'])(
    'finds the outputs under %s',
    async (root) => {
      const ran = await run('carried', { parameters, artifacts, root });
      expect(ran).toEqual(expected('carried', root));
    },
  );

  it('takes a given value before the default that the launcher fills in', async () => {
    const ran = await run('carried', {
      parameters: { ...parameters, fallback: 'given', absent: 'there' },
      artifacts,
    });
    expect(ran).toMatchObject({
      parameters: { fallback: 'given' },
      artifacts: { report: { content: JSON.stringify({ ...told, absent: 'there' }) } },
    });
  });

  it('keeps the log of a task as an artifact that the component knows nothing of', async () => {
    const ran = await run('carried', { parameters, artifacts, publishLogs: true });
    expect(ran).toMatchObject({ kind: 'succeeded', artifacts: { 'executor-logs': { metadata: {} } } });
  });

  it('is told of a failure by the exit status, and has its reason in the log', async () => {
    const ran = await run('failing', { parameters: { why: 'the sea is rough' } });
    expect(ran).toMatchObject({ kind: 'failed', status: 1 });
    expect(ran.log).toContain('FER6001  the sea is rough');
  });

  it('says what became of the executor input where a value with quotes was put into a text', async () => {
    const quoted = { ...parameters, 'pipelinechannel--where': 'the "Baltic"' };
    const ran = await run('carried', { parameters: quoted, artifacts });
    expect(ran).toMatchObject({ kind: 'failed', status: 1 });
    expect(ran.log).toContain('FER6007  --executor_input is no JSON');
    expect(ran.log).toContain('a value with quotes or line ends');
  });

  it('runs a component without inputs and outputs', async () => {
    expect(await run('empty')).toEqual({
      kind: 'succeeded',
      log: 'nothing to do\n',
      parameters: {},
      artifacts: {},
    });
  });
});
