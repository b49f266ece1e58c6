/** `ferrule schedule`: what becomes of schedules once they are made. */
import { UserError } from '../../errors/index.ts';
import type { RemoteSchedule, ScheduleChange, ScheduleService } from '../../remotes/schedule-ports.ts';
import { checkTimeZone, readCron } from '../../remotes/schedule-times.ts';
import { printJson } from '../print-json.ts';
import { remoteRunsTable } from '../remotes/remote-run-text.ts';
import { resolveSettings } from '../settings.ts';
import { openSchedules, type ScheduleFlags } from './open-schedules.ts';
import { schedulesTable, scheduleText, upcoming } from './schedule-text.ts';
import { timesIn, type TimesOptions } from './times-options.ts';

interface ManageOptions extends ScheduleFlags {
  readonly json?: boolean;
}

interface ListOptions extends ManageOptions {
  readonly limit: number;
}

/** Lists the schedules, newest first. */
export function listCommand(options: ListOptions): Promise<void> {
  return inService(options, async (service) => {
    const schedules: RemoteSchedule[] = [];
    for await (const one of allSchedules(service)) if (schedules.push(one) >= options.limit) break;
    return { json: schedules, text: schedulesTable(schedules, 'no schedule') };
  });
}

/** Shows one schedule. */
export function showCommand(name: string, options: ManageOptions): Promise<void> {
  return inService(options, async (service) => shown(await service.get(await idOf(name, service))));
}

/** Pauses a schedule. */
export function pauseCommand(name: string, options: ManageOptions): Promise<void> {
  return inService(options, async (service) => {
    const id = await idOf(name, service);
    await service.pause(id);
    return shown(await service.get(id));
  });
}

/** Lets a schedule go on. */
export function resumeCommand(
  name: string,
  options: ManageOptions & { readonly catchUp?: boolean },
): Promise<void> {
  return inService(options, async (service) => {
    const id = await idOf(name, service);
    await service.resume(id, options.catchUp);
    return shown(await service.get(id));
  });
}

/** Changes times and limits. */
export function updateCommand(
  name: string,
  options: ManageOptions & TimesOptions & { readonly name?: string },
): Promise<void> {
  const change: ScheduleChange = {
    ...timesIn(options),
    ...(options.name !== undefined && { name: options.name }),
  };
  if (Object.keys(change).length === 0)
    throw new UserError('FER1002', {
      problem: 'nothing says what is to become another',
      fix: 'give --cron, --time-zone, --start, --end, --max-concurrent or --name',
    });
  if (change.cron !== undefined) readCron(change.cron, true);
  if (change.timeZone !== undefined) checkTimeZone(change.timeZone);
  return inService(options, async (service) => {
    const id = await idOf(name, service);
    return shown(await service.update(id, change));
  });
}

/** Removes a schedule. */
export function deleteCommand(name: string, options: ManageOptions): Promise<void> {
  return inService(options, async (service) => {
    const id = await idOf(name, service);
    await service.delete(id);
    return { json: { kind: 'deleted', id }, text: `schedule ${id} deleted; runs that it started stay` };
  });
}

/** Lists the runs that a schedule started. */
export function runsCommand(name: string, options: ListOptions): Promise<void> {
  return inService(options, async (service) => {
    const id = await idOf(name, service);
    const runs = [];
    let pageToken: string | undefined;
    do {
      const pageSize = Math.min(options.limit - runs.length, 100);
      const page = await service.runs(id, { pageSize, ...(pageToken !== undefined && { pageToken }) });
      runs.push(...page.runs);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && runs.length < options.limit);
    const some = runs.slice(0, options.limit);
    return { json: some, text: remoteRunsTable(some, `the schedule ${id} has started no run yet`) };
  });
}

interface Said {
  readonly json: unknown;
  readonly text: string;
}

function shown(schedule: RemoteSchedule): Said {
  const next = upcoming(schedule, 3, new Date());
  return { json: { ...schedule, next }, text: scheduleText(schedule) };
}

async function inService(
  options: ManageOptions,
  work: (service: ScheduleService) => Promise<Said>,
): Promise<void> {
  const service = await openSchedules(resolveSettings('.', options.root), options);
  try {
    const said = await work(service);
    if (options.json === true) printJson(said.json);
    else process.stdout.write(`${said.text}\n`);
  } finally {
    await service.close();
  }
}

async function* allSchedules(service: ScheduleService): AsyncGenerator<RemoteSchedule> {
  let pageToken: string | undefined;
  do {
    const page = await service.list({ pageSize: 100, ...(pageToken !== undefined && { pageToken }) });
    yield* page.schedules;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** What KFP and Vertex AI name schedules by; people hardly do. */
const looksLikeId = /^([\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\d{6,})$/i;

/**
 * Finds the id of the schedule that a name or an id means.
 * @throws UserError FER8004 where there is none, or more than one of this name
 */
async function idOf(name: string, service: ScheduleService): Promise<string> {
  if (looksLikeId.test(name)) return name;
  const found: string[] = [];
  for await (const one of allSchedules(service)) {
    if (one.id === name) return name;
    if (one.name === name) found.push(one.id);
  }
  const [only, ...others] = found;
  if (only === undefined)
    throw new UserError('FER8004', {
      problem: `there is no schedule "${name}"`,
      fix: `\`ferrule schedule list --backend ${service.backend}\` lists them`,
    });
  if (others.length > 0)
    throw new UserError('FER8004', {
      problem: `${found.length} schedules are called "${name}"`,
      fix: `name one by its id: ${found.join(', ')}`,
    });
  return only;
}
