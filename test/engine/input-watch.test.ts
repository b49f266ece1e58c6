/** A log says what tasks made; what each was given follows from it. */
import { describe, expect, it } from 'vitest';
import { resumeRun, watchInputs } from '../../engine/index.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { Fails, memoryWorld, type Call, type MemoryWorld } from './memory.ts';
import { pipelineOf } from './pipelines.ts';

/** Two artifacts from a loop over numbers, each read in a loop of its own, inside of a nested pipeline; then all of them. */
const compiled = pipelineOf({
  tasks: {
    make: {
      parameters: { n: { constant: '' } },
      writes: { data: 'system.Dataset' },
      more: { parameterIterator: { items: { raw: '["1", "2"]' }, itemInput: 'n' } },
    },
    inner: {
      artifacts: { all: 'make.data' },
      dag: {
        tasks: {
          each: {
            artifacts: { one: '$all' },
            writes: { data: 'system.Dataset' },
            more: { artifactIterator: { items: { inputArtifact: 'all' }, itemInput: 'one' } },
          },
        },
        writes: { data: 'each.data' },
      },
    },
    join: { artifacts: { all: 'inner.data', first: 'make.data' } },
  },
});

function withList({ spec }: CompiledPipeline): CompiledPipeline {
  const tasks = spec.components?.['comp-inner']?.dag?.tasks ?? {};
  const each = tasks['each'];
  if (each === undefined) throw new Error('there is no task "each"');
  return {
    spec: {
      ...spec,
      components: {
        ...spec.components,
        'comp-inner': {
          ...spec.components?.['comp-inner'],
          inputDefinitions: {
            artifacts: { all: { artifactType: { schemaTitle: 'system.Dataset' }, isArtifactList: true } },
          },
          dag: {
            ...spec.components?.['comp-inner']?.dag,
            tasks: { each: { ...each, inputs: { artifacts: { all: { componentInputArtifact: 'all' } } } } },
          },
        },
      },
    },
  };
}

/** Which artifacts each task of a run was given, by what its log says. */
async function given(world: MemoryWorld, tasks: readonly string[]): Promise<Record<string, unknown>> {
  const watch = await watchInputs(withList(compiled));
  for await (const { events } of world.ports.runs.log('r').read(0))
    for (const event of events) watch.apply(event);
  const uris = (task: string): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(watch.artifactsOf(task)).map(([name, list]) => [name, list.map(({ uri }) => uri)]),
    );
  return Object.fromEntries(tasks.map((task) => [task, uris(task)]));
}

describe('the artifacts that tasks were given', () => {
  it('are told of loops, nested pipelines and a run that was taken up, as their attempts got them', async () => {
    const got: Record<string, Record<string, string[]>> = {};
    const note = ({ attempt }: Call): void => {
      got[attempt.task] = Object.fromEntries(
        Object.entries(attempt.input.inputs.artifacts ?? {}).map(([name, list]) => [
          name,
          list.artifacts.map(({ uri }) => uri),
        ]),
      );
    };
    let broken = true;
    const world = memoryWorld({
      make(call) {
        note(call);
        call.write('data', call.text('n'));
      },
      each(call) {
        note(call);
        if (broken && call.attempt.task.endsWith('/1')) throw new Fails('for now', false);
        call.write('data', call.read('one'));
      },
      join: note,
    });
    expect((await world.run({ compiled: withList(compiled), runId: 'r' })).status).toBe('failed');
    broken = false;
    expect((await resumeRun('r', world.ports)).status).toBe('succeeded');
    expect(Object.keys(got).sort()).toEqual(['inner/each/0', 'inner/each/1', 'join', 'make/0', 'make/1']);
    expect(await given(world, Object.keys(got))).toEqual(got);
  });
});
