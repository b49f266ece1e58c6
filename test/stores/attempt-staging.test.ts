import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Assignment, AttemptLog } from '../../engine/ports.ts';
import { digestOf } from '../../spec/index.ts';
import { readAssignment, stageIn, stageOut } from '../../stores/artifacts/attempt-staging.ts';
import { componentWriting, temporaryFolder } from './root-folder.ts';
import { rootKinds } from './roots.ts';
import { attempt, outputsOf, sealOne, writeTree } from './sealing.ts';

for (const kind of rootKinds())
  describe.skipIf(kind.absent)(`attempts over ${kind.name}`, () => {
    it('stages an attempt that works for itself: inputs in, outputs out, the result last', async () => {
      const mount = await temporaryFolder();
      const { root, elsewhere } = await kind.fresh({ mount });
      const folder = await sealOne(root, writeTree);
      const next = { runId: 'r1', task: 'use', number: 1 };
      const component = componentWriting({ data: 'system.Model', extra: 'system.Dataset' });
      const { outputs } = root.artifacts.places(next, component, 'attempt');
      const assignment: Assignment = {
        attempt: next,
        startedAt: '2026-01-01T00:00:00.000Z',
        component,
        input: {
          inputs: {
            artifacts: { tree: { artifacts: [{ name: 'tree', uri: root.artifacts.locate(folder.uri) }] } },
          },
          outputs,
        },
        artifacts: { tree: [folder] },
        strict: true,
      };
      await root.artifacts.assign(assignment);
      const pod = await elsewhere();
      const read = await readAssignment(pod, next);
      expect(read).toEqual(assignment);
      if (read === undefined) return;
      await stageIn(pod, read);
      const local = (uri: string): string =>
        kind.name === 'a folder' ? uri : join(mount, uri.replace(/^gs:\//, '/gcs').replace(/^s3:\//, '/s3'));
      expect(await readFile(local(`${root.uri}/${folder.uri}/ü.txt`), 'utf8')).toBe('a');
      await writeFile(local(outputs.artifacts?.['data']?.artifacts[0]?.uri ?? ''), 'model');
      await expect(stageOut(pod, read, {})).rejects.toMatchObject({ code: 'FER5009' });
      expect(await root.artifacts.result(next)).toBeUndefined();
      const moved = `${outputs.artifacts?.['extra']?.artifacts[0]?.uri ?? ''}/below`;
      await mkdir(join(local(moved), '..'));
      await writeFile(local(moved), 'moved');
      const platform = { platform: 'linux-x64', node: 'v22' };
      const result = await stageOut(
        pod,
        read,
        { artifacts: { extra: { artifacts: [{ name: 'extra', uri: moved, metadata: { a: 1 } }] } } },
        { platform },
      );
      expect(result).toMatchObject({
        kind: 'succeeded',
        platform,
        outputs: {
          artifacts: {
            data: [{ uri: 'runs/r1/tasks/use/1/data', digest: digestOf('model'), size: 5 }],
            extra: [
              { uri: 'runs/r1/tasks/use/1/extra/below', digest: digestOf('moved'), metadata: { a: 1 } },
            ],
          },
        },
      });
      expect(await root.artifacts.result(next)).toEqual(result);
      for (const record of outputsOf(result))
        expect(await root.artifacts.verify(record)).toEqual({ kind: 'intact' });
      // A second pod of the same attempt comes too late.
      expect(await stageOut(pod, read, { parameterValues: { x: 1 } })).toEqual(result);
    });

    it('keeps the lines of a log in order, those of an earlier driver before', async () => {
      const { root, elsewhere } = await kind.fresh();
      expect(await root.readLog(attempt)).toBeUndefined();
      const log = await root.artifacts.openLog(attempt);
      expect(log.kept).toBe(0);
      const long = 'x'.repeat(70_000);
      for (const line of ['one', long, 'ü']) log.line(line);
      await log.close();
      const second = await (await elsewhere()).artifacts.openLog(attempt);
      expect(second.kept).toBe(3);
      const reader = root.followLog(attempt);
      expect(await reader.next()).toBe(`one\n${long}\nü\n`);
      for (let line = 0; line < 5000; line++) second.line(`${line}`);
      await second.close();
      const more = Array.from({ length: 5000 }, (_, line) => `${line}\n`).join('');
      expect(await reader.next()).toBe(more);
      expect(await reader.next()).toBe('');
      expect(await root.readLog(attempt)).toBe(`one\n${long}\nü\n${more}`);
    });

    // A driver that takes a log in a folder over appends to what is there.
    // oxlint-disable-next-line vitest/no-conditional-tests -- a test that is skipped would be said to be missing
    if (kind.name !== 'a folder')
      it('keeps each line once where two drivers read the same log', async () => {
        const { root, elsewhere } = await kind.fresh();
        const first = await root.artifacts.openLog(attempt);
        const second = await (await elsewhere()).artifacts.openLog(attempt);
        const lines = Array.from({ length: 300 }, (_, line) => `${line} ${'x'.repeat(1000)}`);
        const print = async (log: AttemptLog, most: number): Promise<void> => {
          for (const [at, line] of lines.entries()) {
            log.line(line);
            if (at % most === 0) await wait(1);
          }
          await log.close();
        };
        await Promise.all([print(first, 3), print(second, 5)]);
        expect((await root.readLog(attempt))?.split('\n')).toEqual([...lines, '']);
      });
  });
