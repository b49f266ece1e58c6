/** Opens the runs of another backend, as options and the environment name it. */
import { openKfp, openVertex, type KfpFlags, type VertexFlags } from './open-remotes.ts';
import type { KfpHttp } from '../../remotes/kfp/kfp-http.ts';
import type { KfpRuns } from '../../remotes/kfp/run-service.ts';
import type { RunService } from '../../remotes/ports.ts';
import type { Settings } from '../settings.ts';
import type { RunsBackend } from './takes-backend.ts';
import { refuseOptionsOfOthers, type OptionsOfBackends } from './options-of-backends.ts';

export interface RemoteFlags extends KfpFlags, VertexFlags {
  readonly backend: RunsBackend;
  readonly json?: boolean;
}

const ofBackend: OptionsOfBackends = {
  host: { flag: '--host', backends: ['kfp'] },
  namespace: { flag: '--namespace', backends: ['kfp'] },
  project: { flag: '--project', backends: ['vertex'] },
  region: { flag: '--region', backends: ['vertex'] },
  endpoint: { flag: '--endpoint', backends: ['vertex'] },
  root: { flag: '--root', backends: ['our own runners'] },
  runner: { flag: '--runner', backends: ['our own runners'] },
  context: { flag: '--context', backends: ['our own runners'] },
  queue: { flag: '--queue', backends: ['our own runners'] },
  priorityClass: { flag: '--priority-class', backends: ['our own runners'] },
  clusterConfig: { flag: '--cluster-config', backends: ['our own runners'] },
  concurrency: { flag: '--concurrency', backends: ['our own runners'] },
  force: { flag: '--force', backends: ['our own runners'] },
  attempt: { flag: '--attempt', backends: ['our own runners'] },
  pipeline: { flag: '--pipeline', backends: ['our own runners'] },
};

export type OpenedRuns =
  | { readonly kind: 'kfp'; readonly runs: KfpRuns; readonly http: KfpHttp }
  | { readonly kind: 'vertex'; readonly runs: RunService };

/** Opens the runs of a backend. @throws UserError FER1002 for options of another, FER8010 where nothing names it */
export async function openRuns(settings: Settings, flags: RemoteFlags): Promise<OpenedRuns> {
  refuseOptionsOfOthers(flags, ofBackend);
  if (flags.backend === 'kfp') {
    const { kfpRuns } = await import('../../remotes/kfp/run-service.ts');
    const http = await openKfp(settings, flags);
    return { kind: 'kfp', runs: kfpRuns(http), http };
  }
  const { vertexRuns } = await import('../../remotes/vertex/run-service.ts');
  return { kind: 'vertex', runs: vertexRuns(await openVertex(settings, flags)) };
}
