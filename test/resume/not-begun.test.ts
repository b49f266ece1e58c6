import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRun, watchInputs } from '../../engine/index.ts';
import { pipelineOf } from '../engine/pipelines.ts';
import { bundleFolder } from '../runners/components.ts';
import { openWorkbench } from './workbench.ts';

describe('a run that was made and never begun', () => {
  it('is started again with the same pipeline, and with no other; one that began is not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-begun-'));
    const bundles = await bundleFolder();
    const bench = await openWorkbench(folder, bundles.folder);
    try {
      const write = await bundles.add(
        `async (inputs, out) => { writeFileSync(out.data.path, 'x'); }`,
        `import { writeFileSync } from 'node:fs'`,
      );
      const pipeline = (name: string) =>
        pipelineOf({
          tasks: {
            [name]: { code: write, writes: { data: 'system.Dataset' } },
            second: {
              code: write,
              artifacts: { before: `${name}.data` },
              writes: { data: 'system.Dataset' },
            },
          },
        });
      const request = { parameters: {}, runId: 'r', caching: 'on', concurrency: 1 } as const;
      const compiled = pipeline('first');
      await bench.ports.runs.create('r', compiled);
      await expect(startRun({ ...request, compiled: pipeline('other') }, bench.ports)).rejects.toThrow(
        /already/,
      );
      expect((await startRun({ ...request, compiled }, bench.ports)).status).toBe('succeeded');
      await expect(startRun({ ...request, compiled }, bench.ports)).rejects.toThrow(/already/);

      const inputs = await watchInputs(compiled);
      for await (const { events } of bench.ports.runs.log('r').read(0))
        for (const event of events) inputs.apply(event);
      expect(inputs.artifactsOf('first')).toEqual({});
      expect(inputs.artifactsOf('second')['before']?.[0]?.uri).toBe('runs/r/tasks/first/1/data');
    } finally {
      await bench.ports.runner.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
