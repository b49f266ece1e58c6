/** What backends that start runs at given times offer, our own cluster among them. One contract suite, test/remotes/. */
import type { RemoteRunRequest, RunPage, RunQuery } from './ports.ts';

/** A service that starts runs by itself, at times that were given. */
export interface ScheduleService {
  readonly backend: string;
  /** @throws UserError FER8014 for a time that the service cannot express */
  create(request: ScheduleRequest): Promise<RemoteSchedule>;
  /** @throws UserError FER8004 where there is none */
  get(id: string): Promise<RemoteSchedule>;
  list(query?: RunQuery): Promise<SchedulePage>;
  /** Starts no more runs until it is resumed. */
  pause(id: string): Promise<void>;
  /**
   * @param catchUp whether the times that passed meanwhile are made up for. @default as the service does
   * @throws UserError FER8014 where the service cannot be told
   */
  resume(id: string, catchUp?: boolean): Promise<void>;
  /** Changes times and limits, where the service can. @throws UserError FER8014 where it cannot */
  update(id: string, change: ScheduleChange): Promise<RemoteSchedule>;
  /** Starts no more runs. Those that it started stay, and go on. */
  delete(id: string): Promise<void>;
  /** Lists the runs that a schedule started, newest first, a page at a time. */
  runs(id: string, query?: Omit<RunQuery, 'filter'>): Promise<RunPage>;
  close(): Promise<void>;
}

export interface ScheduleTimes {
  /** Minute, hour, day of the month, month, day of the week. */
  readonly cron?: string;
  /** IANA name of the zone that the cron expression is in. @default the service's, mostly UTC */
  readonly timeZone?: string;
  /** Seconds between two runs, instead of a cron expression. KFP alone knows intervals. */
  readonly interval?: number;
  /** ISO 8601. */
  readonly startAt?: string;
  readonly endAt?: string;
}

export interface ScheduleLimits {
  /** Most runs at a time. @default 1 */
  readonly maxConcurrent?: number;
  /** Most runs in all. Vertex AI alone knows it. */
  readonly maxRuns?: number;
  /** Whether a run whose turn comes while too many go on waits, and is not left out. Vertex AI alone knows it. */
  readonly queueing?: boolean;
}

export interface ScheduleRequest extends ScheduleTimes, ScheduleLimits {
  readonly name: string;
  readonly description?: string;
  /** What is run each time; its name is that of the schedule. */
  readonly run: RemoteRunRequest;
  /** Whether runs that were missed are made up for. @default true */
  readonly catchUp?: boolean;
  /** Whether it begins at once. @default true */
  readonly enabled?: boolean;
}

export interface ScheduleChange extends ScheduleTimes, ScheduleLimits {
  readonly name?: string;
}

export interface RemoteSchedule extends ScheduleTimes {
  readonly kind: 'remote-schedule';
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'paused' | 'completed';
  readonly maxConcurrent?: number;
  /** ISO 8601, where the service tells. */
  readonly nextRunAt?: string;
  readonly lastRunAt?: string;
  readonly createdAt?: string;
  /** Why the last run that was due could not be started. */
  readonly error?: string;
}

interface SchedulePage {
  readonly schedules: readonly RemoteSchedule[];
  readonly nextPageToken?: string;
}
