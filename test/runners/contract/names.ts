/** Attempts are known by their names. */
import { describe, expect, it } from 'vitest';
import { keptLog } from '../attempts.ts';
import type { Bench } from './bench.ts';

export function nameContract(bench: () => Bench): void {
  describe('attempts by name', () => {
    it('runs an attempt once that is started twice', async () => {
      const code = await bench().bundles.add(
        'async () => { await new Promise((r) => setTimeout(r, 50)); return Math.random(); }',
      );
      const attempt = await bench().ground.attempt({ code, returns: { Output: 'NUMBER_DOUBLE' } });
      const [first, second] = await Promise.all([
        bench().ground.start(attempt, keptLog()),
        bench().ground.start(attempt, keptLog()),
      ]);
      expect(first).toMatchObject({ kind: 'succeeded' });
      expect(second).toEqual(first);
    });

    it('adopts an attempt that runs, and knows none that does not', async () => {
      const { runner } = bench().ground;
      const attempt = await bench().ground.attempt({
        code: await bench().bundles.add('() => new Promise((r) => setTimeout(r, 100))'),
      });
      expect(await runner.adopt(attempt, keptLog())).toEqual({ kind: 'absent' });
      const started = bench().ground.start(attempt, keptLog());
      await expect
        .poll(async () => (await runner.adopt(attempt, keptLog())).kind, { timeout: 20_000 })
        .toBe('running');
      const adoption = await runner.adopt(attempt, keptLog());
      expect((await started).kind).toBe('succeeded');
      // It may have ended before it was adopted the second time.
      const adopted = adoption.kind === 'running' ? (await adoption.outcome).kind : adoption.kind;
      expect(adopted).toMatch(/^(succeeded|sealed|absent)$/);
    });
  });
}
