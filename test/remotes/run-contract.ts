/** What every service that runs pipelines, or starts them by itself, must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteRun, RunService, ScheduleService } from '../../remotes/ports.ts';
import { templateOf } from './templates.ts';
import type { TestServer } from './servers/test-server.ts';

export interface TestedService {
  readonly runs: RunService;
  readonly schedules: ScheduleService;
  readonly server: TestServer;
  close(): Promise<void>;
}

export function runContract(name: string, open: () => Promise<TestedService>): void {
  describe(`${name}, as a service that runs pipelines`, () => {
    let tested: TestedService;
    let runs: RunService;
    let schedules: ScheduleService;
    beforeEach(async () => {
      tested = await open();
      ({ runs, schedules } = tested);
    });
    afterEach(() => tested.close());
    const { compiled } = templateOf('greet');
    const start = (text: string, more = {}): Promise<RemoteRun> =>
      runs.create({ compiled, parameters: { text }, ...more });

    it('starts a run and sees it through to its end, task by task', async () => {
      const run = await start('hello', { name: 'a first run', pipelineRoot: 'gs://bucket/root' });
      expect(run).toMatchObject({ kind: 'remote-run', name: 'a first run', status: 'pending', tasks: [] });
      expect(run.link).toContain(run.id);
      const seen: string[] = [];
      const ended = await runs.wait(run.id, {
        pause: 1,
        seen: ({ status, tasks }) =>
          seen.push([status, ...tasks.map((task) => `${task.name} ${task.status}`)].join(', ')),
      });
      expect(seen).toEqual(['running, say running', 'succeeded, say succeeded']);
      expect(ended.endedAt).toMatch(/^2026-/);
      expect(ended.tasks[0]?.endedAt).toMatch(/^2026-/);
      expect(Object.keys(ended.tasks[0]?.artifacts ?? {})).toEqual(['model']);
    });

    it('tells how a run and its tasks failed', async () => {
      const ended = await runs.wait((await start('fail')).id, { pause: 1 });
      expect(ended.status).toBe('failed');
      expect(ended.error).toContain('say');
      expect(ended.tasks[0]).toMatchObject({ status: 'failed', error: 'exit code 1' });
    });

    it('cancels a run, and leaves one that has ended', async () => {
      const { id } = await start('hello');
      await runs.get(id);
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
      const { id } = await start('hello');
      await expect(runs.wait(id, { timeout: 0 })).rejects.toMatchObject({
        code: 'FER8012',
        fix: expect.stringContaining('goes on'),
      });
      const other = await start('hello');
      const stop = new AbortController();
      const waiting = runs.wait(other.id, {
        pause: 60_000,
        signal: stop.signal,
        seen: () => setTimeout(() => stop.abort(), 5),
      });
      expect((await waiting).status).not.toBe('pending');
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
        for (const work of [runs.get(gone), runs.cancel(gone), runs.delete(gone)])
          await expect(work).rejects.toMatchObject({ code: 'FER8004' });
    });

    it('makes, pauses, resumes and deletes schedules', async () => {
      const run = { compiled, parameters: { text: 'hello' }, pipelineRoot: 'gs://bucket/root' };
      const schedule = await schedules.create({
        name: 'nightly',
        cron: '0 6 * * 1',
        startAt: '2026-02-01T00:00:00Z',
        maxConcurrent: 3,
        run,
      });
      expect(schedule).toMatchObject({
        kind: 'remote-schedule',
        name: 'nightly',
        status: 'active',
        cron: '0 6 * * 1',
        maxConcurrent: 3,
      });
      await schedules.pause(schedule.id);
      expect((await schedules.get(schedule.id)).status).toBe('paused');
      await schedules.resume(schedule.id);
      expect((await schedules.get(schedule.id)).status).toBe('active');
      const idle = await schedules.create({ name: 'idle', cron: '* * * * *', run, enabled: false });
      expect(idle.status).toBe('paused');
      expect((await schedules.list()).schedules.map((one) => one.name)).toEqual(['idle', 'nightly']);
      await schedules.delete(idle.id);
      await expect(schedules.get(idle.id)).rejects.toMatchObject({ code: 'FER8004' });
      await expect(schedules.create({ name: 'never', run })).rejects.toMatchObject({ code: 'FER8014' });
      await expect(schedules.create({ name: 'never', cron: 'every day', run })).rejects.toMatchObject({
        code: 'FER8014',
      });
    });
  });
}
