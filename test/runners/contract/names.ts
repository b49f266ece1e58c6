/** Attempts are known by their names. */
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptOf, keptLog } from '../attempts.ts';
import type { Bench } from './bench.ts';

export function nameContract(bench: () => Bench): void {
  describe('attempts by name', () => {
    it('runs an attempt once that is started twice', async () => {
      const marks = await mkdtemp(join(tmpdir(), 'ferrule-marks-'));
      const code = await bench().bundles.add(
        `async () => { await mkdtemp(${JSON.stringify(join(marks, 'ran-'))}); await new Promise((r) => setTimeout(r, 50)); }`,
        `import { mkdtemp } from 'node:fs/promises';`,
      );
      const attempt = await attemptOf({ code, name: 'twice' });
      const outcomes = await Promise.all([
        bench().runner.start(attempt, keptLog()),
        bench().runner.start(attempt, keptLog()),
      ]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['succeeded', 'succeeded']);
      expect((await readdir(marks)).length).toBe(1);
    });

    it('adopts an attempt that runs, and knows none that does not', async () => {
      const attempt = await attemptOf({
        code: await bench().bundles.add('() => new Promise((r) => setTimeout(r, 100))'),
      });
      expect(await bench().runner.adopt(attempt, keptLog())).toEqual({ kind: 'absent' });
      const started = bench().runner.start(attempt, keptLog());
      const adoption = await bench().runner.adopt(attempt, keptLog());
      await started;
      const adopted = adoption.kind === 'running' ? await adoption.outcome : adoption;
      expect(adopted).toMatchObject({ kind: 'succeeded' });
      expect(await bench().runner.adopt(attempt, keptLog())).toEqual({ kind: 'absent' });
    });
  });
}
