/** Opens the runs of another backend, as options and the environment name it. */
import { openKfp, openVertex, type KfpFlags, type VertexFlags } from './open-remotes.ts';
import { UserError } from '../../errors/index.ts';
import type { KfpHttp } from '../../remotes/kfp/kfp-http.ts';
import type { KfpRuns } from '../../remotes/kfp/run-service.ts';
import type { RunService } from '../../remotes/ports.ts';
import { resolveSettings, type Settings } from '../settings.ts';
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
async function openRuns(settings: Settings, flags: RemoteFlags): Promise<OpenedRuns> {
  refuseOptionsOfOthers(flags, ofBackend);
  if (flags.backend === 'kfp') {
    const { kfpRuns } = await import('../../remotes/kfp/run-service.ts');
    const http = await openKfp(settings, flags);
    return { kind: 'kfp', runs: kfpRuns(http), http };
  }
  const { vertexRuns } = await import('../../remotes/vertex/run-service.ts');
  return { kind: 'vertex', runs: vertexRuns(await openVertex(settings, flags)) };
}

/** Works with the runs of a backend, and closes its connections. */
export async function withRuns(
  options: RemoteFlags,
  work: (opened: OpenedRuns) => Promise<void>,
): Promise<void> {
  const opened = await openRuns(resolveSettings('.', undefined), options);
  try {
    await work(opened);
  } finally {
    await opened.runs.close();
  }
}

/** The same with KFP alone. @throws UserError FER8014 for another backend */
export function inKfp(
  options: RemoteFlags,
  what: string,
  work: (opened: Extract<OpenedRuns, { readonly kind: 'kfp' }>) => Promise<void>,
): Promise<void> {
  return withRuns(options, async (opened) => {
    if (opened.kind === 'kfp') return work(opened);
    throw new UserError('FER8014', {
      problem: `Vertex AI has no API for ${what}`,
      fix:
        what === 'reading logs'
          ? 'Cloud Logging has them: `ferrule show` prints the page of the run'
          : 'submit it again',
    });
  });
}
