/** A root on a file system that fills up: what fails says so, what was there stays sound, and a resume goes on. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resumeRun, startRun, type RunEvent } from '../../engine/index.ts';
import { pipelineOf } from '../engine/pipelines.ts';
import { bundleFolder } from '../runners/components.ts';
import { noSmallDisk, smallDisk } from '../stores/small-disk.ts';
import { openWorkbench } from './workbench.ts';

describe('a full disk', () => {
  it.skipIf(noSmallDisk)(
    'fails a run with a reason, keeps the store sound, and lets a resume finish it',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ferrule-full-'));
      const disk = smallDisk(folder, 2);
      const bundles = await bundleFolder();
      const bench = await openWorkbench(folder, bundles.folder);
      try {
        const write = await bundles.add(
          `async ({ before }, out) => { writeFileSync(out.data.path, (before ? readFileSync(before.path, 'utf8') : '') + 'x'.repeat(200000)); }`,
          `import { readFileSync, writeFileSync } from 'node:fs'`,
        );
        const compiled = pipelineOf({
          tasks: {
            first: { code: write, writes: { data: 'system.Dataset' } },
            second: { code: write, artifacts: { before: 'first.data' }, writes: { data: 'system.Dataset' } },
          },
          writes: { data: 'second.data' },
        });
        const first = startRun(
          { compiled, parameters: {}, runId: 'r', caching: 'on', concurrency: 1 },
          {
            ...bench.ports,
            observer: {
              ...bench.ports.observer,
              event: (event: RunEvent) => {
                // The disk fills while the run is under way.
                if (event.kind === 'task-succeeded' && event.task === 'first') disk.fill();
              },
            },
          },
        );
        // Whether the task or the log met the full disk first, what comes out names it.
        const outcome = await first.catch((error: unknown) => error);
        expect(JSON.stringify(outcome)).toMatch(/FER5003|ENOSPC|no space left/);
        disk.free();
        const resumed = await resumeRun('r', bench.ports);
        expect(resumed.status).toBe('succeeded');
        expect(resumed.outputs.artifacts['data']?.[0]?.size).toBe(400_000);
        expect(resumed.tasks[0]).toMatchObject({ name: 'first', attempts: 1 });
        const again = await startRun(
          { compiled, parameters: {}, runId: 's', caching: 'on', concurrency: 1 },
          bench.ports,
        );
        expect(again.tasks.map((task) => task.status)).toEqual(['cached', 'cached']);
        const leftovers = await readdir(folder, { recursive: true });
        expect(leftovers.filter((name) => name.includes('.aside-'))).toEqual([]);
      } finally {
        await bench.runner.close();
        disk.remove();
        await rm(bundles.folder, { recursive: true });
        await rm(folder, { recursive: true });
      }
    },
  );
});
