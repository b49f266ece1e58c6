import { UserError } from '../../errors/index.ts';
import type { ScheduleRequest } from '../../remotes/schedule-ports.ts';
import { checkTimes } from '../../remotes/schedule-times.ts';
import { checkParameters } from '../../spec/parameters.ts';
import { readParameters } from '../parameters.ts';
import { printJson } from '../print-json.ts';
import { loadForBackend, type VertexJobFlags } from '../remotes/job-options.ts';
import { labelsIn } from '../remotes/options-of-backends.ts';
import { refuseWhatCannotRun, refuseWhatKfpCannotRun } from '../remotes/refuse-notes.ts';
import { resolveSettings } from '../settings.ts';
import { tellWarnings } from '../tell-warnings.ts';
import { openSchedules, type ScheduleFlags } from './open-schedules.ts';
import { scheduleText, upcoming } from './schedule-text.ts';
import { timesIn, type TimesOptions } from './times-options.ts';

interface CreateOptions extends ScheduleFlags, VertexJobFlags, TimesOptions {
  readonly reservedIpRange: readonly string[];
  readonly pipeline?: string;
  readonly param: readonly string[];
  readonly params?: string;
  readonly name?: string;
  readonly description?: string;
  readonly catchUp?: boolean;
  readonly paused?: boolean;
  /** False for --no-cache. */
  readonly cache: boolean;
  readonly pipelineRoot?: string;
  readonly serviceAccount?: string;
  readonly experiment?: string;
  readonly label: readonly string[];
  readonly force?: boolean;
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
    const loaded = await loadForBackend(file, settings, options);
    const { compiled, template } = loaded;
    const parameters = await readParameters(compiled.spec, options);
    checkParameters(compiled.spec, parameters);
    tellWarnings(loaded.warnings);
    const size = Buffer.byteLength(JSON.stringify([compiled.spec, compiled.platform]));
    if (backend === 'kfp' && options.force !== true)
      await refuseWhatKfpCannotRun(settings, options, loaded, size);
    else if (backend === 'vertex' && options.force !== true) refuseWhatCannotRun(loaded, backend, size);
    const name = options.name ?? compiled.spec.pipelineInfo.name;
    if (name.trim() === '')
      throw new UserError('FER1002', { problem: 'the schedule has no name', fix: 'give one with --name' });
    const request: ScheduleRequest = {
      name,
      ...times,
      ...(options.description !== undefined && { description: options.description }),
      ...(options.catchUp !== undefined && { catchUp: options.catchUp }),
      ...(options.paused === true && { enabled: false }),
      run: {
        compiled,
        parameters,
        ...(options.pipelineRoot !== undefined && { pipelineRoot: options.pipelineRoot }),
        ...(!options.cache && { caching: false }),
        ...(options.experiment !== undefined && { experiment: options.experiment }),
        ...(options.serviceAccount !== undefined && { serviceAccount: options.serviceAccount }),
        labels: labelsIn(options.label),
        ...(template && { template }),
      },
    };
    const schedule = await service.create(request);
    if (options.json === true) printJson({ ...schedule, backend, next: upcoming(schedule, 3, new Date()) });
    else process.stdout.write(`${scheduleText(schedule)}\n`);
  } finally {
    await service.close();
  }
}
