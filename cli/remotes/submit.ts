import type { RemoteRunRequest, RunService } from '../../remotes/ports.ts';
import { printJson } from '../print-json.ts';
import type { RunnerKind } from '../runner-choice.ts';
import { resolveSettings, type Settings } from '../settings.ts';
import { followRemoteRun, remoteFacts } from './follow-remote-run.ts';
import { loadJob, requestOf, type JobFlags } from './job.ts';
import { vertexSettings } from './job-options.ts';
import { openKfp, openVertex, type VertexFlags } from './open-remotes.ts';
import { refuseOptionsOfOthers, type OptionsOfBackends } from './options-of-backends.ts';

interface SubmitOptions extends JobFlags, VertexFlags {
  readonly backend: 'kfp' | 'vertex' | RunnerKind;
  readonly name?: string;
  readonly description?: string;
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly poll: number;
  readonly json?: boolean;
  readonly root?: string;
  readonly clusterConfig?: string;
}

/** Options that only some backends know. */
const ofBackend: OptionsOfBackends = {
  host: { flag: '--host', backends: ['kfp'] },
  namespace: { flag: '--namespace', backends: ['kfp', 'kubernetes'] },
  experiment: { flag: '--experiment', backends: ['kfp'] },
  description: { flag: '--description', backends: ['kfp'] },
  pipelineRoot: { flag: '--pipeline-root', backends: ['kfp', 'vertex'] },
  serviceAccount: { flag: '--service-account', backends: ['kfp', 'vertex'] },
  ca: { flag: '--ca', backends: ['kfp', 'vertex'] },
  wait: { flag: '--wait', backends: ['kfp', 'vertex', 'local', 'docker', 'kubernetes'] },
  timeout: { flag: '--timeout', backends: ['kfp', 'vertex'] },
  project: { flag: '--project', backends: ['vertex'] },
  region: { flag: '--region', backends: ['vertex'] },
  endpoint: { flag: '--endpoint', backends: ['vertex'] },
  label: { flag: '--label', backends: ['vertex'] },
  network: { flag: '--network', backends: ['vertex'] },
  reservedIpRange: { flag: '--reserved-ip-range', backends: ['vertex'] },
  encryptionKey: { flag: '--encryption-key', backends: ['vertex'] },
  failurePolicy: { flag: '--failure-policy', backends: ['vertex'] },
  accelerator: { flag: '--accelerator', backends: ['vertex'] },
  root: { flag: '--root', backends: ['local', 'docker', 'kubernetes'] },
  clusterConfig: { flag: '--cluster-config', backends: ['kubernetes'] },
};

/** Runs a pipeline on a backend; with --wait until it has ended. */
export async function submitCommand(file: string, options: SubmitOptions): Promise<void> {
  refuseOptionsOfOthers(options, ofBackend);
  const { backend } = options;
  if (backend !== 'kfp' && backend !== 'vertex') {
    const { runCommand } = await import('../commands/run.ts');
    return runCommand(file, { ...options, runner: backend });
  }
  const settings = resolveSettings(file, undefined);
  const job = await loadJob(file, settings, backend, options);
  const { compiled, parameters } = job;
  const service = await openService(settings, options);
  try {
    const request: RemoteRunRequest = {
      ...requestOf(job, options),
      ...(options.name !== undefined && { name: options.name }),
      ...(options.description !== undefined && { description: options.description }),
    };
    const run = await service.create(request);
    if (options.wait === true) {
      const pause = Math.max(0.1, options.poll) * 1000;
      const timeout = options.timeout === undefined ? {} : { timeout: options.timeout * 1000 };
      const follow = { json: options.json === true, pause, ...timeout };
      process.exitCode = await followRemoteRun(service, run, { compiled, parameters, backend }, follow);
    } else if (options.json === true)
      printJson({ runId: run.id, status: run.status, outputs: {}, tasks: [], ...remoteFacts(service, run) });
    else
      process.stdout.write(`run ${run.id} (${run.name})\n${run.link === undefined ? '' : `${run.link}\n`}`);
  } finally {
    await service.close();
  }
}

async function openService(settings: Settings, options: SubmitOptions): Promise<RunService> {
  if (options.backend === 'kfp') {
    const { kfpRuns } = await import('../../remotes/kfp/run-service.ts');
    return kfpRuns(await openKfp(settings, options));
  }
  const { vertexRuns } = await import('../../remotes/vertex/run-service.ts');
  return vertexRuns(await openVertex(settings, options), vertexSettings(settings, options));
}
