/** Components and pipelines that were compiled before, taken into others. */
import { expect, test } from 'vitest';
import type { CompiledPipeline, DagSpec, PipelineSpec } from '../../spec/index.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { testProject } from './project.ts';

/** A compiled pipeline whose tasks have one image each, named by the task, and a label of the same name. */
function flow(name: string, tasks: readonly string[], more: Partial<PipelineSpec> = {}): string {
  const executors = tasks.map(
    (task) => [`exec-${task}`, { container: { image: `images/${task}:1` } }] as const,
  );
  const labels = tasks.map((task) => [`exec-${task}`, { podMetadata: { labels: { task } } }] as const);
  const spec: PipelineSpec = {
    pipelineInfo: { name },
    schemaVersion: '2.1.0',
    deploymentSpec: { executors: Object.fromEntries(executors) },
    components: Object.fromEntries(
      tasks.map((task) => [`comp-${task}`, { executorLabel: `exec-${task}` }] as const),
    ),
    root: {
      dag: {
        tasks: Object.fromEntries(
          tasks.map((task) => [
            task,
            { taskInfo: { name: task }, componentRef: { name: `comp-${task}` }, cachingOptions: {} },
          ]),
        ),
      },
    },
    ...more,
  };
  const platform = {
    platforms: { kubernetes: { deploymentSpec: { executors: Object.fromEntries(labels) } } },
  };
  return writePipelineYaml({ spec, platform });
}

/** Where each task's container comes from, and its label, by the path of the task. */
function imagesOf({ spec, platform }: CompiledPipeline, dag: DagSpec | undefined, path = ''): string[] {
  return Object.entries(dag?.tasks ?? {}).flatMap(([name, task]) => {
    const component = spec.components?.[task.componentRef.name];
    if (component?.dag !== undefined)
      return imagesOf({ spec, ...(platform && { platform }) }, component.dag, `${path}${name}/`);
    const label = component?.executorLabel ?? '';
    const settings = platform?.platforms.kubernetes?.deploymentSpec?.executors?.[label];
    return [
      `${path}${name} ${spec.deploymentSpec.executors?.[label]?.container?.image} ${JSON.stringify(settings ?? {})}`,
    ];
  });
}

const outer = `
import { container, loadComponent, pipeline } from 'ferrule';
const step = container(() => ({ image: 'own/step:1' }));
const flow = loadComponent('./flow.yaml', import.meta.url);
export default pipeline('outer', {}, () => {
  step();
  flow();
  step();
  flow();
});
`;

test('no executor comes to stand for that of another task, whatever names meet', async () => {
  const project = testProject({
    'pipeline.ts': outer,
    'flow.yaml': flow('flow', ['step', 'step-2', 'step-3', 'step-2-2']),
  });
  const { compiled } = await project.compile();
  const inner = (task: string) =>
    ['step', 'step-2', 'step-3', 'step-2-2'].map(
      (name) => `${task}/${name} images/${name}:1 {"podMetadata":{"labels":{"task":"${name}"}}}`,
    );
  expect(imagesOf(compiled, compiled.spec.root.dag).sort()).toEqual(
    ['step own/step:1 {}', 'step-2 own/step:1 {}', ...inner('flow'), ...inner('flow-2')].sort(),
  );
});

test('a pipeline that is called like its only component is a pipeline, with what its task says', async () => {
  const text = flow('step', ['step']).replace(
    'cachingOptions: {}',
    'cachingOptions: {}\n        retryPolicy:\n          maxRetryCount: 2',
  );
  const project = testProject({ 'pipeline.ts': outer, 'flow.yaml': text });
  const { compiled } = await project.compile();
  const called = compiled.spec.root.dag?.tasks?.['step-2'];
  const component = compiled.spec.components?.[called?.componentRef.name ?? ''];
  expect(component?.dag?.tasks?.['step']?.retryPolicy).toEqual({ maxRetryCount: 2 });
});

test('an edit of the file is seen by the next compile, and the file is one to watch', async () => {
  const project = testProject({ 'pipeline.ts': outer, 'flow.yaml': flow('flow', ['one']) });
  const before = await project.compile();
  expect(before.readFiles).toContain(`${project.root}/flow.yaml`);
  project.write({ 'flow.yaml': flow('flow', ['two']) });
  const after = await project.compile();
  expect(imagesOf(after.compiled, after.compiled.spec.root.dag)).toContain(
    'flow/two images/two:1 {"podMetadata":{"labels":{"task":"two"}}}',
  );
});

test('a component keeps what its file says of it: descriptions, variables, resources, what it hands on', async () => {
  const spec: PipelineSpec = {
    pipelineInfo: { name: 'greet' },
    schemaVersion: '2.1.0',
    deploymentSpec: {
      executors: {
        'exec-greet': {
          container: {
            image: 'images/greet:1',
            env: [
              { name: 'A', value: 'b' },
              { name: 'C', value: 'd' },
            ],
            resources: { cpuLimit: 1, resourceCpuLimit: '1' },
          },
        },
      },
    },
    components: {
      'comp-greet': {
        executorLabel: 'exec-greet',
        inputDefinitions: { parameters: { name: { parameterType: 'STRING', description: 'Who.' } } },
        taskConfigPassthroughs: [{ field: 'ENV' }, { field: 'RESOURCES', applyToTask: true }],
      },
    },
    root: {
      inputDefinitions: { parameters: { name: { parameterType: 'STRING' } } },
      dag: {
        tasks: {
          greet: {
            taskInfo: { name: 'greet' },
            componentRef: { name: 'comp-greet' },
            inputs: { parameters: { name: { componentInputParameter: 'name' } } },
          },
        },
      },
    },
  };
  const project = testProject({
    'greet.yaml': writePipelineYaml({ spec }),
    'pipeline.ts': `
import { loadComponent, pipeline } from 'ferrule';
const hello = loadComponent<{ name: string }>('./greet.yaml', import.meta.url);
export default pipeline('outer', {}, () => { hello({ name: 'a' }, { env: { C: 'e' }, memory: '1Gi' }); });
`,
  });
  const { compiled } = await project.compile();
  expect(compiled.spec.components).toEqual(spec.components);
  expect(compiled.spec.deploymentSpec.executors?.['exec-greet']?.container).toEqual({
    image: 'images/greet:1',
    env: [
      { name: 'A', value: 'b' },
      { name: 'C', value: 'e' },
    ],
    resources: { cpuLimit: 1, resourceCpuLimit: '1', memoryLimit: 1.073741824, resourceMemoryLimit: '1Gi' },
  });
});

test('settings of a pipeline that count for nothing once it is a task are told', async () => {
  const project = testProject({
    'flow.yaml': flow('flow', ['one'], { defaultPipelineRoot: 'gs://b' }),
    'pipeline.ts': `
import { container, loadComponent, pipeline } from 'ferrule';
const flow = loadComponent('./flow.yaml', import.meta.url);
const step = container(() => ({ image: 'a' }));
const inner = pipeline({ name: 'inner', deadline: '1h', ttl: { onSuccess: '1m' } }, {}, () => { step(); });
export default pipeline('outer', {}, () => { flow(); inner(); });
`,
  });
  const { warnings } = await project.compile();
  expect(warnings).toEqual([
    'of the pipeline "flow", which is a task, these count for nothing: root; the outermost pipeline\'s do',
    'of the pipeline "inner", which is a task, these count for nothing: ttl.onSuccess, deadline; the outermost pipeline\'s do',
  ]);
});

test('other steps in the file of a component are no part of its bundle', async () => {
  const steps = (image: string) => `
import { component, concat, container, importer, loadComponent, pipeline, run, type Dataset } from 'ferrule';
export const say = component({}, () => { console.log('said'); });
const box = container<{ text: string }>(({ text }) => ({ image: '${image}', args: [concat('a', text), run.name] }));
const flow = loadComponent('./flow.yaml', import.meta.url);
export default pipeline('outer', {}, () => {
  say();
  box({ text: 'a' });
  flow();
  importer<Dataset>({ uri: 'gs://a' });
});
`;
  const project = testProject({ 'pipeline.ts': steps('one'), 'flow.yaml': flow('flow', ['one']) });
  const [before] = (await project.compile()).bundles;
  project.write({ 'pipeline.ts': steps('two'), 'flow.yaml': flow('flow', ['other']) });
  const [after] = (await project.compile()).bundles;
  expect(after?.digest).toBe(before?.digest);
});
