/** What schedules run, kept under the root as `schedules/<key>.json` until the schedule is removed. */
import type { CachingMode } from '../engine/ports.ts';
import type { CompiledPipeline, JsonValue } from '../spec/index.ts';
import type { ObjectStore } from './objects/object-store.ts';

export interface ScheduledPipeline {
  /** What people call the schedule. */
  readonly name: string;
  readonly compiled: CompiledPipeline;
  /** Checked, defaults filled in. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly caching: CachingMode;
  readonly labels: Readonly<Record<string, string>>;
}

const folder = 'schedules';
const place = (key: string): string => `${folder}/${key}.json`;

export async function keepScheduledPipeline(
  objects: ObjectStore,
  key: string,
  scheduled: ScheduledPipeline,
): Promise<void> {
  await objects.create(place(key), JSON.stringify(scheduled));
}

/** Reads what a schedule runs; undefined where the schedule was removed. */
export async function readScheduledPipeline(
  objects: ObjectStore,
  key: string,
): Promise<ScheduledPipeline | undefined> {
  const object = await objects.read(place(key));
  // Written by `keepScheduledPipeline` alone.
  return object === undefined ? undefined : (JSON.parse(object.content) as ScheduledPipeline);
}

export function removeScheduledPipeline(objects: ObjectStore, key: string): Promise<void> {
  return objects.remove(place(key));
}

/** Reads all that schedules run. */
export async function scheduledPipelines(objects: ObjectStore): Promise<readonly ScheduledPipeline[]> {
  const names = (await objects.names(folder)).filter((name) => name.endsWith('.json'));
  const found = await Promise.all(
    names.map((name) => readScheduledPipeline(objects, name.slice(0, -'.json'.length))),
  );
  return found.filter((one) => one !== undefined);
}
