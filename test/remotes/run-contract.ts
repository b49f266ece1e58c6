/** What every service that runs pipelines, or starts them by itself, must do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteRun, RunService } from '../../remotes/ports.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { templateOf } from './templates.ts';
import type { TestServer } from './servers/test-server.ts';

export interface TestedService {
  readonly runs: RunService;
  readonly server: TestServer;
  /**
   * A pipeline \`greet\` of one task \`say\`, which gives a \`model\`, and fails for the text "fail". It takes a while, so that it is seen
   * at work; for the text "slow" until it is cancelled. @default one in a container
   */
  readonly compiled?: CompiledPipeline;
  /** Whether it has pages for people. @default true */
  readonly hasPages?: boolean;
  /** A pipeline root that it takes. @default gs://bucket/root */
  readonly root?: string;
  close(): Promise<void>;
}

export function runContract(name: string, open: () => Promise<TestedService>): void {
  describe(`${name}, as a service that runs pipelines`, () => {
    let tested: TestedService;
    let runs: RunService;
    let compiled: CompiledPipeline;
    let root: string;
    beforeEach(async () => {
      tested = await open();
      ({ runs, compiled = templateOf('greet').compiled, root = 'gs://bucket/root' } = tested);
    });
    afterEach(() => tested.close());
    const start = (text: string, more = {}): Promise<RemoteRun> =>
      runs.create({ compiled, parameters: { text }, ...more });

    it('starts a run and sees it through to its end, task by task', async () => {
      const run = await start('hello', { name: 'a first run', pipelineRoot: root });
      expect(run).toMatchObject({ kind: 'remote-run', name: 'a first run', status: 'pending', tasks: [] });
      expect(run.link?.includes(run.id)).toBe(tested.hasPages === false ? undefined : true);
      const seen: string[] = [];
      const ended = await runs.wait(run.id, {
        pause: 1,
        seen: ({ status, tasks }) =>
          seen.push([status, ...tasks.map((task) => `${task.name} ${task.status}`)].join(', ')),
      });
      expect(seen).toContain('running, say running');
      expect(seen.at(-1)).toBe('succeeded, say succeeded');
      for (const one of seen.slice(0, -1))
        expect(one).toMatch(/^(pending|running)(, say (pending|running|succeeded))?$/);
      expect(ended.endedAt).toMatch(/^20\d\d-/);
      expect(ended.tasks[0]?.endedAt).toMatch(/^20\d\d-/);
      expect(Object.keys(ended.tasks[0]?.artifacts ?? {})).toEqual(['model']);
    });

    it('tells how a run and its tasks failed', async () => {
      const ended = await runs.wait((await start('fail')).id, { pause: 1 });
      expect(ended.status).toBe('failed');
      expect(ended.error).toContain('say');
      expect(ended.tasks[0]).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(/exit code 1|told to fail/),
      });
    });

    it('cancels a run, and leaves one that has ended', async () => {
      const { id } = await start('slow');
      const isAtWork = ({ tasks }: RemoteRun): boolean => tasks[0]?.status === 'running';
      for (let count = 0; !isAtWork(await runs.get(id)) && count < 200; count++) await sleep(50);
      await runs.cancel(id);
      const ended = await runs.wait(id, { pause: 1 });
      expect([ended.status, ended.tasks[0]?.status]).toEqual(['cancelled', 'cancelled']);
      await runs.cancel(id);
      expect((await runs.get(id)).status).toBe('cancelled');
    });

    it('lists runs newest first, page by page', async () => {
      const ids: string[] = [];
      for (const text of ['1', '2', '3']) ids.unshift((await start(text)).id);
      const first = await runs.list({ pageSize: 2 });
      expect(first.runs.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      const second = await runs.list({ pageSize: 2, pageToken: first.nextPageToken ?? 'none' });
      expect(second.runs.map(({ id }) => id)).toEqual(ids.slice(2));
      expect(second.nextPageToken).toBeUndefined();
    });

    it('stops waiting when the time is over, and when nobody waits any more', async () => {
      const { id } = await start('slow');
      await expect(runs.wait(id, { timeout: 0 })).rejects.toMatchObject({
        code: 'FER8012',
        fix: expect.stringContaining('goes on'),
      });
      const other = await start('slow');
      const stop = new AbortController();
      const waiting = runs.wait(other.id, {
        pause: 60_000,
        signal: stop.signal,
        seen: () => setTimeout(() => stop.abort(), 5),
      });
      expect((await waiting).status).toMatch(/^(pending|running)$/);
      for (const one of [id, other.id]) await runs.cancel(one);
    });

    it('goes on waiting through an outage, and for as long as it is told to', async () => {
      const { id } = await start('hello');
      const away = (times: number): void =>
        tested.server.fail(
          ...Array.from(
            { length: times },
            () => ({ kind: 'answer', status: 503, body: 'restarting' }) as const,
          ),
        );
      const missed: string[] = [];
      let looks = 0;
      const seen = (): void => void (looks++ === 0 && away(8));
      const ended = await runs.wait(id, { pause: 1, seen, missed: ({ message }) => missed.push(message) });
      expect([ended.status, missed.length]).toEqual(['succeeded', 2]);
      const other = await start('hello');
      await expect(runs.wait(other.id, { pause: 1, outage: 0, seen: () => away(8) })).rejects.toMatchObject({
        code: 'FER8008',
      });
    });

    it('deletes runs, and says what is not there', async () => {
      const { id } = await start('hello');
      await runs.delete(id);
      for (const gone of [id, 'never-there'])
        for (const ask of [() => runs.get(gone), () => runs.cancel(gone), () => runs.delete(gone)])
          await expect(ask()).rejects.toMatchObject({ code: 'FER8004' });
    });
  });
}
