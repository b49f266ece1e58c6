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
import { pipelineSource, pythonImage, pythonSource, stepsOf } from './protocol-sources.ts';

const absent = [dockerEngine, kfpPython, pythonImage].includes(undefined);
const repository = ownRepository();

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
    const component = of.components?.[`comp-${task}`];
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
    project = makeProject({
      'steps.ts': stepsOf(repository),
      'pipeline.ts': pipelineSource,
      'pipeline.py': pythonSource,
    });
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

  it('tells an exit task how others ended', async () => {
    const error = { code: 9, message: 'it said "no"' };
    const status = {
      state: 'FAILED',
      pipelineJobResourceName: 'job',
      pipelineTaskName: 'exit-handler-1',
      error,
    };
    expect(await run('report', { parameters: { status } })).toMatchObject({
      parameters: { Output: `exit-handler-1 FAILED ${JSON.stringify(error)}` },
    });
    // KFP's own backend has no error yet.
    const bare = { ...status, state: 'SUCCEEDED', error: {} };
    expect(await run('report', { parameters: { status: bare } })).toMatchObject({
      parameters: { Output: 'exit-handler-1 SUCCEEDED {}' },
    });
  });

  it("runs a container's command with its placeholders", async () => {
    const stored = {
      name: 'data',
      type: title('Dataset'),
      uri: 'gs://elsewhere/data.csv',
      content: 'a\nb\n',
    };
    const ran = await run('measure', {
      parameters: { n: 1e21, items: [1, 2] },
      artifacts: { data: [stored] },
    });
    const copy = expect.stringMatching(/^minio:\/\/.*\/measure\/.*\/copy$/) as string;
    expect(ran).toMatchObject({
      kind: 'succeeded',
      parameters: { lines: 2 },
      artifacts: { copy: { uri: copy, content: 'a\nb\n' } },
    });
    const told = ran.kind === 'succeeded' ? ran.parameters['told'] : undefined;
    expect(JSON.stringify(told).split('|').slice(4)).toEqual([
      '1000000000000000000000',
      '[1,2]',
      '--uri=gs://elsewhere/data.csv',
      expect.stringMatching(/^minio:.*copy$/) as string,
      '"',
    ]);
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
