import { expect, test } from 'vitest';
import { backendNotes } from '../../compiler/index.ts';
import type {
  CompiledPipeline,
  ContainerSpec,
  ExecutorSpec,
  JsonValue,
  KubernetesExecutorConfig,
  TaskSpec,
} from '../../spec/index.ts';
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

/** A pipeline of one task, by its parts in the spec. */
function pipelineOf(
  parts: {
    readonly task?: Partial<TaskSpec>;
    readonly executor?: ExecutorSpec;
    readonly settings?: KubernetesExecutorConfig;
    readonly pipelineConfig?: Readonly<Record<string, JsonValue>>;
  } = {},
): CompiledPipeline {
  const { settings, pipelineConfig } = parts;
  return {
    spec: {
      pipelineInfo: { name: 'p' },
      schemaVersion: '2.1.0',
      deploymentSpec: { executors: { 'exec-a': parts.executor ?? { container: { image: 'alpine' } } } },
      components: { 'comp-a': { executorLabel: 'exec-a' } },
      root: {
        dag: {
          tasks: { a: { taskInfo: { name: 'a' }, componentRef: { name: 'comp-a' }, ...parts.task } },
        },
      },
    },
    platform: {
      platforms: {
        kubernetes: {
          ...(settings && { deploymentSpec: { executors: { 'exec-a': settings } } }),
          ...(pipelineConfig && { pipelineConfig }),
        },
      },
    },
  };
}

const constant = (text: string) => ({ inputs: { parameters: { x: { runtimeValue: { constant: text } } } } });
const container = (parts: Partial<ContainerSpec>) => ({
  executor: { container: { image: 'alpine', ...parts } },
});
const importer = { artifactUri: { runtimeParameter: 'uri' }, typeSchema: { schemaTitle: 'system.Dataset' } };

test.each([
  [{ task: { artifactIterator: { itemInput: 'i', items: { inputArtifact: 'd' } } } }, 'a loop over artifacts'],
  [{ executor: { importer }, task: { triggerPolicy: { condition: 'true' } } }, 'an importer with a condition'],
  [{ executor: { importer }, task: { inputs: { parameters: { uri: { taskOutputParameter: { producerTask: 'b', outputParameterKey: 'o' } } } } } },
    'The URI of the importer does not come straight from an input'],
  [{ executor: { resolver: {} } }, 'a resolver or a custom job'],
  [{ task: { dependentTasks: ['b', 'c'], inputs: { parameters: { s: { taskFinalStatus: { producerTask: 'c' } } } } } }, 'the final status of one of several'],
  [{ settings: { initContainers: [] } }, 'newer than KFP 2.17'],
  [{ task: constant('run {{$.pipeline_job_name}}') }, 'a fact of the run inside a longer text'],
  [container({ args: ['{"Concat": ["a", "b"]}'] }), 'has a Concat'],
  [container({ args: [`{"IfPresent": {"InputName": "a", "Then": ["{{$.outputs.artifacts['m'].uri}}"]}}`] }), 'an IfPresent with an output'],
  [container({ args: ['{"IfPresent": {"InputName": "a", "Then": ["-a", {"IfPresent": {"InputName": "b", "Then": "c"}}]}}'] }), 'placeholders of a structure in it'],
  [container({ args: ["{{$.inputs.artifacts['d'].metadata['k']}}"] }), "an artifact's metadata"],
  [container({ command: ['{{$.outputs.output_file}}'] }), 'outputs.output_file'],
  [container({ env: [{ name: 'A', value: "{{$.inputs.parameters['x']}}" }] }), 'a variable of its environment has a placeholder'],
  [container({ image: "a:{{$.inputs.parameters['tag']}}" }), 'its image is put together of several texts'],
] as const)('KFP could not run %j: %s', (parts, reason) => {
  const notes = backendNotes(pipelineOf(parts), 'kfp', 1000);
  expect(notes).toEqual([{ task: 'a', reason: expect.stringMatching(new RegExp(reason, 'i')) as string }]);
}); // prettier-ignore

test.each([
  [{ settings: { activeDeadlineSeconds: '5' } }, 'a', 'its timeout is a setting of Kubernetes'],
  [{ settings: { secretAsEnv: [], pvcMount: [] } }, 'a', 'does not read: pvcMount, secretAsEnv'],
  [{ task: constant('{{$.workspace_path}}/x') }, 'a', 'it uses the workspace'],
  [{ executor: { importer: { ...importer, downloadToWorkspace: true } } }, 'a', 'it uses the workspace'],
  [container({ image: 'argostub/createpvc' }), 'a', 'a volume claim'],
  [{ pipelineConfig: { workspace: { size: '1Gi' }, resourceTtlOnCompletion: 60 } }, undefined, 'does not read: resourceTtlOnCompletion, workspace'],
] as const)('Vertex AI could not run %j', (parts, task, reason) => {
  const notes = backendNotes(pipelineOf(parts), 'vertex', 1000);
  expect(notes).toEqual([{ ...(task && { task }), reason: expect.stringContaining(reason) as string }]);
}); // prettier-ignore

test('what both run has no notes', () => {
  const parts = {
    ...container({
      args: ['{"IfPresent": {"InputName": "a", "Then": ["--a"]}}', '{{$}}', "{{$.inputs.parameters['x']}}"],
      image: "{{$.inputs.parameters['base_image']}}",
    }),
    task: constant('{{$.pipeline_job_name}}'),
  };
  expect(backendNotes(pipelineOf(parts), 'kfp', 1000)).toEqual([]);
  expect(backendNotes(pipelineOf(parts), 'vertex', 1000)).toEqual([]);
});

test('tasks inside groups are told by their path', () => {
  const { spec } = pipelineOf(container({ args: ['{"Concat": ["a"]}'] }));
  const dag = { tasks: { 'for-loop-1': { taskInfo: { name: 'l' }, componentRef: { name: 'comp-loop' } } } };
  const compiled = {
    spec: { ...spec, root: { dag }, components: { ...spec.components, 'comp-loop': spec.root } },
  };
  expect(backendNotes(compiled, 'kfp', 1000).map(({ task }) => task)).toEqual(['for-loop-1/a']);
});
