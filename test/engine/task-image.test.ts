/** Images that a task names in place of its component's, or that the run puts together. */
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../engine/index.ts';
import { memoryWorld, type MemoryWorld } from './memory.ts';
import { pipelineOf, type TaskDraft } from './pipelines.ts';

const digest = (letter: string): string => `@sha256:${letter.repeat(64)}`;

/** A world that knows what tags stand for, and notes the images that are run. */
function worldOf(tags: Map<string, string>): MemoryWorld & { readonly images: string[] } {
  const images: string[] = [];
  const world = memoryWorld({}, ({ runner }) => ({
    runner: {
      ...runner,
      refuse: () => undefined,
      resolveImage: async (image) => tags.get(image),
      start: async ({ container }: Attempt) => {
        images.push(container.image);
        return { kind: 'succeeded', output: {} };
      },
    },
  }));
  return { ...world, images };
}

function ours(image: string, draft: TaskDraft = {}): ReturnType<typeof pipelineOf> {
  const compiled = pipelineOf({
    parameters: { registry: 'STRING', tag: 'STRING' },
    tasks: { train: { identity: { taskImage: true }, ...draft } },
  });
  const label = 'exec-train';
  const container = compiled.spec.deploymentSpec.executors?.[label]?.container;
  if (container === undefined) throw new Error('the draft has no container');
  const executors = { [label]: { container: { ...container, image } } };
  return { ...compiled, spec: { ...compiled.spec, deploymentSpec: { executors } } };
}

const parameters = { registry: 'acme', tag: 'v1' };
const parts = `{{$.inputs.parameters['registry']}}/train:{{$.inputs.parameters["tag"]}}`;

describe('an image that a task names', () => {
  it('counts by its digest: the same tag on another image is another computation', async () => {
    const tags = new Map([['train:2', `train:2${digest('a')}`]]);
    const world = worldOf(tags);
    const statuses = async (runId: string) =>
      (await world.run({ compiled: ours('train:2'), runId })).tasks.map(({ status }) => status);
    expect(await statuses('r1')).toEqual(['succeeded']);
    expect(await statuses('r2')).toEqual(['cached']);
    tags.set('train:2', `train:2${digest('b')}`);
    expect(await statuses('r3')).toEqual(['succeeded']);
    expect(world.images).toEqual([`train:2${digest('a')}`, `train:2${digest('b')}`]);
  });

  it('keeps a result from the cache, and says why, where its tag cannot be resolved', async () => {
    const state = await worldOf(new Map()).run({ compiled: ours('train:2'), runId: 'r1' });
    expect(state.tasks[0]).toMatchObject({
      status: 'succeeded',
      cache: 'off',
      reason: 'its image train:2 is named by a tag, which can come to mean another image',
    });
  });

  it('may be put together of several parameters', async () => {
    const world = worldOf(new Map([['acme/train:v1', `acme/train:v1${digest('c')}`]]));
    const draft = { parameters: { registry: '$registry', tag: '$tag' } };
    const state = await world.run({ compiled: ours(parts, draft), runId: 'r1', parameters });
    expect(state.tasks[0]).toMatchObject({ status: 'succeeded', cache: 'miss' });
    expect(world.images).toEqual([`acme/train:v1${digest('c')}`]);
  });
});
