/** Wrong uses of containers, importers, loaded components and settings that TypeScript must refuse. */
import {
  component,
  concat,
  container,
  createPvc,
  deletePvc,
  executorInput,
  ifPresent,
  importer,
  int,
  loadComponent,
  pipeline,
  run,
  type Artifact,
  type Dataset,
  type Int,
  type JsonValue,
  type Model,
  type TaskConfig,
} from 'ferrule';

export const prep = component(
  {},
  async (_inputs: { bucket: string; seed: Int }, _out: { train: Dataset }) => {},
);
export const size = component({}, (_inputs: { model: Artifact }): Int => 3);
export const nothing = component({}, (): string => 'x');

const count = container<{ text: Dataset; label?: string; rate: number }, { lines: Int; model: Model }>(
  ({ text, label, rate = 0.5 }, { lines, model }) => ({
    image: 'alpine:3.20',
    command: ['sh', '-c', `wc -l < ${text.path} > ${lines.path}; cp ${text.uri} ${model.path}`],
    args: [
      rate,
      ifPresent(label, ['--label', label]),
      concat('a', text.metadata('rows')),
      executorInput,
      run.name,
    ],
  }),
);
const greet = loadComponent<{ name: string; times?: Int; tags: readonly JsonValue[] }, { Output: string }>(
  './greet.yaml',
  import.meta.url,
);
export const launch = component({}, (_inputs: { nodes: Int; config: TaskConfig }) => {});

// What may be joined.
export const steps = pipeline(
  {
    name: 'steps',
    displayName: 'Steps',
    workspace: { size: '1Gi' },
    ttl: { onSuccess: '1h' },
    deadline: '2h',
  },
  { where: 'gs://a', memory: '8Gi', selector: { disk: 'ssd' }, xs: [int(1)] },
  ({ where, memory, selector, xs }) => {
    const data = importer<Dataset>({ uri: where, metadata: { where, deep: { list: [where, 1, true] } } });
    const counted = count(
      { text: data.outputs.artifact, rate: 1 },
      { memory, image: where, cache: { key: 'k' } },
    );
    size({ model: counted.outputs.model });
    prep({ bucket: where, seed: counted.outputs.lines });
    greet({ name: where, tags: xs });
    launch({ nodes: 1 });
    const claim = createPvc({ accessModes: ['ReadWriteOnce'], size: '1Gi', pvcNameSuffix: '-x' });
    greet(
      { name: run.id, tags: ['a'] },
      {
        accelerator: { type: where, count: counted.outputs.lines },
        kubernetes: {
          volumes: [{ claim: claim.outputs.name, mountPath: '/data' }],
          secretEnv: [{ secret: where, keys: { a: 'A' } }],
          nodeSelector: selector,
          tolerations: [{ operator: 'Exists' }, selector],
        },
      },
    );
    deletePvc({ pvcName: claim.outputs.name }, { after: [counted] });
  },
);

// What may not.
export const badSteps = pipeline('bad-steps', { where: 'gs://a', rate: 0.1 }, ({ where, rate }) => {
  const data = importer<Dataset>({ uri: where });
  const counted = count({ text: data.outputs.artifact, rate });
  // @ts-expect-error an importer of data that is no artifact
  importer<string>({ uri: where });
  // @ts-expect-error a location that is a number
  importer<Model>({ uri: rate });
  // @ts-expect-error an importer has no image
  importer<Model>({ uri: where }, { image: 'a' });
  // @ts-expect-error an imported artifact of another type
  size({ model: data.outputs.model });
  // @ts-expect-error an artifact of another type for a container
  count({ text: counted.outputs.model, rate });
  // @ts-expect-error an input of a container is missing
  count({ rate });
  // @ts-expect-error an output that a container does not have
  void counted.outputs.count;
  // @ts-expect-error an output of a container that is no whole number
  prep({ bucket: where, seed: rate });
  // @ts-expect-error a number for a text of a loaded component
  greet({ name: rate, tags: [] });
  // @ts-expect-error a loaded component has no such input
  greet({ name: where, tags: [], time: 1 });
  // @ts-expect-error a run fills it
  launch({ nodes: 1, config: where });
  // @ts-expect-error memory that is a number
  greet({ name: where, tags: [] }, { memory: rate });
  // @ts-expect-error a setting that Kubernetes does not have
  greet({ name: where, tags: [] }, { kubernetes: { secrets: [] } });
  // @ts-expect-error a mount without a path
  greet({ name: where, tags: [] }, { kubernetes: { volumes: [{ claim: where }] } });
  // @ts-expect-error a policy that Kubernetes does not have
  greet({ name: where, tags: [] }, { kubernetes: { imagePullPolicy: 'Sometimes' } });
  // @ts-expect-error a claim without a size
  createPvc({ accessModes: ['ReadWriteOnce'] });
});

// @ts-expect-error an artifact of a container has no text
container<{ text: Dataset }>(({ text }) => ({ image: 'a', args: [text] }));
// @ts-expect-error a container without an image
container(() => ({ args: ['a'] }));
// @ts-expect-error an input that a container does not declare
container<{ text: string }>(({ texts }) => ({ image: 'a', args: [texts] }));
// @ts-expect-error a pipeline's time to live without a unit
pipeline({ name: 'x', ttl: { onSuccess: '60' } }, {}, () => {});
// @ts-expect-error a Ref is nothing that a component may say of its pod
component({ kubernetes: { secretEnv: [{ secret: nothing(), keys: {} }] } }, () => {});
// @ts-expect-error a part of a task's settings that there is not
component({ taskConfigPassthroughs: ['disk'] }, () => {});
