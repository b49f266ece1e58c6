import type { Context } from '../context.ts';
import type { Principal } from '../http/access.ts';
import type { RunMessage } from '../messages/run.ts';
import type { RunRow } from '../store/tables.ts';
import { nameOf } from './names.ts';
import { addRun, runRow } from './run-rows.ts';
import { experimentOf, runnable, sourceOf } from './run-source.ts';

/**
 * Checks a request for a run, and keeps the run: whoever looks for what is to be driven finds it.
 * @param experimentId what the request names beside its message
 * @throws Refusal, UserErrors for what could not run
 */
export async function createRun(
  context: Context,
  body: RunMessage,
  experimentId: string | undefined,
  who: Principal,
): Promise<RunRow> {
  const experiment = await experimentOf(context, body.experiment_id || experimentId, undefined, who);
  const { namespace } = experiment;
  const source = await sourceOf(context, body, who);
  const { root } = await runnable(context, source.spec, namespace, body.runtime_config);
  const row = runRow({
    namespace,
    experimentId: experiment.experiment_id,
    displayName: nameOf(body.display_name, 'a run'),
    description: body.description ?? '',
    specDigest: source.spec.digest,
    pipelineId: source.pipelineId,
    versionId: source.versionId,
    parameters: body.runtime_config?.parameters ?? {},
    pipelineRoot: body.runtime_config?.pipeline_root ?? '',
    root,
    serviceAccount: body.service_account ?? '',
    startedBy: who.name,
  });
  await context.specs.keep(source.spec);
  await addRun(context.database, row);
  return row;
}
