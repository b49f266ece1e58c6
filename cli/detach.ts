/** Hands a run to the cluster: a Job there drives it, and this machine may go. */
import { submitRun } from '../engine/index.ts';
import { UserError } from '../errors/index.ts';
import { openWorkbench } from './compose.ts';
import { printJson } from './print-json.ts';
import { prepareRun, type PipelineOptions } from './run-request.ts';
import type { RunnerChoice } from './runner-choice.ts';
import type { Settings } from './settings.ts';
import { tellWarnings } from './tell-warnings.ts';

interface DetachRequest {
  readonly file: string;
  readonly options: PipelineOptions & { readonly json?: boolean; readonly watch?: boolean };
  readonly settings: Settings;
  readonly runner: RunnerChoice;
  readonly concurrency: number;
}

/**
 * Starts a run without driving it: checks it here, records it under the root, and creates the driver's Job.
 * @throws UserError FER1008 where no pod could drive it, and all that the cluster says against the Job
 */
export async function detachRun({
  file,
  options,
  settings,
  runner,
  concurrency,
}: DetachRequest): Promise<void> {
  if (runner.kind !== 'kubernetes')
    throw new UserError('FER1008', {
      problem: `a run on the runner ${runner.kind} ends with this process: there is nothing that could drive it`,
      fix: 'add --runner kubernetes',
    });
  if (options.watch === true)
    throw new UserError('FER1002', {
      problem: '--watch waits for changes here, and --detach does not wait',
      fix: 'leave one of them out',
    });
  const { config } = runner;
  const { runtimeImage } = config;
  if (runtimeImage === undefined)
    throw new UserError('FER1008', {
      problem: 'the driver of a detached run needs the runtime image, and none is named',
      fix: 'make one with `ferrule build --runtime --push`, and name it in cluster.yaml: runtimeImage: ... (or FERRULE_IMAGE)',
    });
  const { request, loaded } = await prepareRun(file, options, settings, concurrency);
  tellWarnings(loaded.warnings);
  const { runId, compiled } = request;
  const pipeline = compiled.spec.pipelineInfo.name;
  const silent = { event: () => undefined, log: () => undefined };
  const workbench = await openWorkbench(settings, silent, runner, concurrency);
  const { openDriverJobs } = await import('../runners/kubernetes/driver/driver-jobs.ts');
  const jobs = await openDriverJobs(config);
  try {
    const driver = {
      runId,
      pipeline,
      root: workbench.root.uri,
      config,
      image: runtimeImage,
      concurrency,
    };
    // What the cluster has against it is told before there is a run that nobody drives.
    await jobs.check(driver);
    await submitRun(request, workbench.ports);
    const job = await jobs.create(driver);
    const { root } = workbench;
    if (options.json === true)
      printJson({ runId, status: 'running', root: root.uri, driver: { job, namespace: jobs.namespace } });
    else process.stdout.write(words(runId, root.uri, job, jobs.namespace));
  } finally {
    jobs.close();
    await workbench.close();
  }
}

function words(runId: string, root: string, job: string, namespace: string): string {
  return [
    `run ${runId} goes on in the cluster: Job ${job} in namespace ${namespace} drives it`,
    '',
    `  follow   ferrule logs ${runId} --follow --root ${root}`,
    `  look     ferrule show ${runId} --root ${root}`,
    `  cancel   ferrule cancel ${runId} --root ${root}`,
    '',
  ].join('\n');
}
