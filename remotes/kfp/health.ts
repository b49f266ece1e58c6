import { healthAnswer, reading } from './answers.ts';
import type { KfpHttp } from './kfp-http.ts';

export interface KfpHealth {
  /** Whether every run belongs to a namespace, and requests must name one. */
  readonly multiUser: boolean;
  /** Where pipelines are kept: `database` or `kubernetes`, where the server tells. */
  readonly store?: string;
  /** Where it is no KFP but Ferrule's own server: which, and what runs its tasks. */
  readonly ferrule?: { readonly version: string; readonly runner: string };
}

/** Asks whether KFP answers, and how it is set up. */
export async function kfpHealth(http: KfpHttp): Promise<KfpHealth> {
  const { multi_user, pipeline_store, ferrule } = await http.get(
    '/healthz',
    'asking how it is',
    reading(healthAnswer),
  );
  return {
    multiUser: multi_user === true,
    ...(pipeline_store !== undefined && { store: pipeline_store }),
    ...(ferrule !== undefined && { ferrule }),
  };
}
