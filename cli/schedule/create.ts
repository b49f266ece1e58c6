import { UserError } from '../../errors/index.ts';
import type { ScheduleRequest } from '../../remotes/schedule-ports.ts';
import { checkTimes } from '../../remotes/schedule-times.ts';
import { printJson } from '../print-json.ts';
import { loadJob, requestOf, type JobFlags } from '../remotes/job.ts';
import { resolveSettings } from '../settings.ts';
import { openSchedules, type ScheduleFlags } from './open-schedules.ts';
import { scheduleText, upcoming } from './schedule-text.ts';
import { timesIn, type TimesOptions } from './times-options.ts';

interface CreateOptions extends ScheduleFlags, JobFlags, TimesOptions {
  readonly reservedIpRange: readonly string[];
  readonly name?: string;
  readonly description?: string;
  readonly catchUp?: boolean;
  readonly paused?: boolean;
  readonly json?: boolean;
}

/** Has a backend run a pipeline again and again. Times, parameters and what the backend could not run are checked first. */
export async function createCommand(file: string, options: CreateOptions): Promise<void> {
  const { backend } = options;
  const times = timesIn(options);
  checkTimes(times, new Date());
  const settings = resolveSettings(file, options.root);
  const service = await openSchedules(settings, options);
  try {
    const job = await loadJob(file, settings, backend, options);
    const name = options.name ?? job.compiled.spec.pipelineInfo.name;
    if (name.trim() === '')
      throw new UserError('FER1002', { problem: 'the schedule has no name', fix: 'give one with --name' });
    const request: ScheduleRequest = {
      name,
      ...times,
      ...(options.description !== undefined && { description: options.description }),
      ...(options.catchUp !== undefined && { catchUp: options.catchUp }),
      ...(options.paused === true && { enabled: false }),
      run: requestOf(job, options),
    };
    const schedule = await service.create(request);
    if (options.json === true) printJson({ ...schedule, backend, next: upcoming(schedule, 3, new Date()) });
    else process.stdout.write(`${scheduleText(schedule)}\n`);
  } finally {
    await service.close();
  }
}
