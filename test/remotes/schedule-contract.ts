/** What every service that starts runs by itself must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteRunRequest } from '../../remotes/ports.ts';
import type { ScheduleService } from '../../remotes/schedule-ports.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { templateOf } from './templates.ts';

export interface TestedSchedules {
  readonly schedules: ScheduleService;
  /** What is run, with the parameter `text`. @default one in a container */
  readonly compiled?: CompiledPipeline;
  /** @default one that KFP and Vertex AI take */
  readonly pipelineRoot?: string;
  close(): Promise<void>;
}

export function scheduleContract(name: string, open: () => Promise<TestedSchedules>): void {
  describe(`${name}, as a service that starts runs by itself`, () => {
    let tested: TestedSchedules;
    let schedules: ScheduleService;
    let run: RemoteRunRequest;
    beforeEach(async () => {
      tested = await open();
      ({ schedules } = tested);
      const { compiled } = { ...templateOf('greet'), ...tested };
      const pipelineRoot = tested.pipelineRoot ?? 'gs://bucket/root';
      run = { compiled, parameters: { text: 'hello' }, pipelineRoot };
    });
    afterEach(() => tested.close());

    it('makes, pauses, resumes and deletes schedules', async () => {
      const schedule = await schedules.create({
        name: 'nightly',
        cron: '0 6 * * 1',
        startAt: '2100-02-01T00:00:00Z',
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
      expect((await schedules.runs(idle.id)).runs).toEqual([]);
      await schedules.delete(idle.id);
      await expect(schedules.get(idle.id)).rejects.toMatchObject({ code: 'FER8004' });
    });

    it('lists schedules page by page', async () => {
      for (const at of ['one', 'two', 'three'])
        await schedules.create({ name: at, cron: '0 6 * * *', run, enabled: false });
      const first = await schedules.list({ pageSize: 2 });
      expect(first.schedules.map((one) => one.name)).toEqual(['three', 'two']);
      const second = await schedules.list({ pageSize: 2, pageToken: first.nextPageToken ?? 'none' });
      expect(second.schedules.map((one) => one.name)).toEqual(['one']);
      expect(second.nextPageToken).toBeUndefined();
    });

    it('refuses what is no time, and says what is not there', async () => {
      for (const wrong of [{}, { cron: 'every day' }, { cron: '61 * * * *' }, { cron: '0 0 30 2 *' }])
        await expect(schedules.create({ name: 'never', run, ...wrong })).rejects.toMatchObject({
          code: 'FER8014',
        });
      expect((await schedules.list()).schedules).toEqual([]);
      const gone = 'never-there';
      for (const work of [
        () => schedules.get(gone),
        () => schedules.pause(gone),
        () => schedules.delete(gone),
      ])
        await expect(work()).rejects.toMatchObject({ code: 'FER8004' });
    });
  });
}
