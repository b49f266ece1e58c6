/** What the operations of the API work with. */
import type { Kysely } from 'kysely';
import type { Access } from './http/access.ts';
import type { Metrics } from './http/metrics.ts';
import type { ResolvedOptions } from './options.ts';
import type { ServerParts } from './parts.ts';
import type { Benches } from './runs/benches.ts';
import type { Drives } from './runs/drives.ts';
import type { Views } from './runs/views.ts';
import type { Specs } from './store/specs.ts';
import type { Tables } from './store/tables.ts';

export interface Context {
  readonly database: Kysely<Tables>;
  readonly parts: ServerParts;
  readonly options: ResolvedOptions;
  readonly access: Access;
  readonly specs: Specs;
  readonly benches: Benches;
  readonly views: Views;
  readonly drives: Drives;
  readonly metrics: Metrics;
  /** Ferrule's own. */
  readonly version: string;
  /** Looks for recurring runs that are due. */
  wakeSchedule(): void;
}
