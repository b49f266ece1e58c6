import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRoot } from '../../stores/index.ts';
import { fakeGcs, versitygw } from '../counterparts.ts';
import { memoryWorld, type MemoryWorld } from '../engine/memory.ts';
import { pipelineOf, type TaskDraft } from '../engine/pipelines.ts';
import { faultyProxy } from './faulty-proxy.ts';
import { temporaryFolder } from './root-folder.ts';
import { serverOf } from './roots.ts';
import { startGcs, startS3 } from './servers.ts';

const kinds = [
  ['Google Cloud Storage', fakeGcs, startGcs],
  ['S3', versitygw, startS3],
] as const;

const tasks = 20;

/** A chain: each task reads the artifact of the one before and writes one. */
const chain = pipelineOf({
  tasks: Object.fromEntries(
    Array.from({ length: tasks }, (_, index): [string, TaskDraft] => [
      `t${index}`,
      {
        runs: 'step',
        parameters: { index: { constant: index } },
        parameterTypes: { index: { parameterType: 'NUMBER_INTEGER' } },
        ...(index > 0 && { artifacts: { before: `t${index - 1}.data` } }),
        writes: { data: 'system.Dataset' },
      },
    ]),
  ),
});

for (const [name, program, start] of kinds)
  describe.skipIf(program === undefined)(`the requests of a run over ${name}`, () => {
    const server = serverOf(() => start(program ?? ''));

    it('are few a task, and fewer where it is cached', async () => {
      const { endpoint, env, freshBucket } = await server();
      const proxy = await faultyProxy(endpoint, () => ({ kind: 'none' }));
      onTestFinished(() => proxy.close());
      const uri = await freshBucket();
      const open = async (): Promise<MemoryWorld> => {
        const to = { ...env, FERRULE_GCS_ENDPOINT: proxy.endpoint, AWS_ENDPOINT_URL_S3: proxy.endpoint };
        const { runs, artifacts, cache } = await openRoot(uri, {
          env: to,
          localFolder: join(await temporaryFolder(), 'local'),
        });
        return memoryWorld(
          {
            step: async ({ attempt }) => {
              const path = attempt.input.outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '';
              await writeFile(path, attempt.task);
              return {};
            },
          },
          () => ({ runs, artifacts, cache }),
        );
      };
      const counted = async (runId: string): Promise<{ each: number; seconds: number }> => {
        const world = await open();
        const before = proxy.requests.length;
        const began = performance.now();
        const state = await world.run({ compiled: chain, runId, parameters: {} });
        expect(state.status).toBe('succeeded');
        const seconds = (performance.now() - began) / 1000;
        return { each: (proxy.requests.length - before) / tasks, seconds };
      };
      const first = await counted('r1');
      const cached = await counted('r2');
      expect(first.each).toBeLessThanOrEqual(12);
      expect(cached.each).toBeLessThanOrEqual(5);
    }, 60_000);
  });
