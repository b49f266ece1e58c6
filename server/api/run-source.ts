/** What a run or a recurring run is made from. */
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import type { ExperimentRow } from '../store/tables.ts';
import { UserError, UserErrors } from '../../errors/index.ts';
import { checkPipeline, identityOf, loadExpressions, type Runner } from '../../engine/index.ts';
import { checkParameters, type CompiledPipeline, type JsonValue } from '../../spec/index.ts';
import { defaultExperiment, findExperiment } from './experiments.ts';
import { findPipeline, findVersion, newestVersion } from './pipeline-rows.ts';
import { namespaceOf, type Principal } from '../http/access.ts';
import type { KeptSpec } from '../store/specs.ts';

/** The fields that messages of runs and recurring runs share. */
export interface SourceMessage {
  readonly experiment_id?: string | undefined;
  readonly pipeline_spec?: Record<string, unknown> | undefined;
  readonly pipeline_version_id?: string | undefined;
  readonly pipeline_version_reference?:
    | { readonly pipeline_id?: string | undefined; readonly pipeline_version_id?: string | undefined }
    | undefined;
  readonly runtime_config?:
    | {
        readonly parameters?: Record<string, unknown> | undefined;
        readonly pipeline_root?: string | undefined;
      }
    | undefined;
}

export interface RunSource {
  readonly spec: KeptSpec;
  /** Empty where the pipeline came with the request. */
  readonly pipelineId: string;
  /** Empty where it came with the request; the newest, where only the pipeline was named. */
  readonly versionId: string;
}

/**
 * Finds the pipeline that a request names or brings.
 * @throws Refusal where it does neither, or both
 */
export async function sourceOf(context: Context, given: SourceMessage, who: Principal): Promise<RunSource> {
  const { pipeline_spec: spec, pipeline_version_reference: reference } = given;
  const pipelineId = reference?.pipeline_id ?? '';
  const versionId = reference?.pipeline_version_id || given.pipeline_version_id || '';
  const named = pipelineId !== '' || versionId !== '';
  if (spec !== undefined && named)
    throw new Refusal(
      'invalid',
      'the request has a pipeline_spec and names a version: leave one of them out',
    );
  if (spec !== undefined) return { spec: context.specs.fromMessage(spec), pipelineId: '', versionId: '' };
  if (!named)
    throw new Refusal('invalid', 'the request has neither a pipeline_spec nor a pipeline_version_reference');
  if (versionId === '') await findPipeline(context, pipelineId, who);
  const version =
    versionId === ''
      ? await newestVersion(context, pipelineId)
      : await findVersion(context, pipelineId, versionId, who);
  const compiled = await context.specs.read(version.spec_digest);
  return {
    spec: { digest: version.spec_digest, compiled },
    pipelineId: version.pipeline_id,
    versionId: version.pipeline_version_id,
  };
}

/** Finds the experiment that a request names, or that of those that name none. */
export async function experimentOf(
  context: Context,
  id: string | undefined,
  namespace: string | undefined,
  who: Principal,
): Promise<ExperimentRow> {
  if (id === undefined || id === '') return defaultExperiment(context, namespaceOf(who, namespace));
  const found = await findExperiment(context, id, who);
  if (found.storage_state === 'ARCHIVED')
    throw new Refusal('not-now', `the experiment "${found.display_name}" is archived: unarchive it first`);
  return found;
}

/** A run that could start. */
export interface Runnable {
  /** Where it is to be. */
  readonly root: string;
}

const checked = new WeakMap<CompiledPipeline, Set<string>>();

/**
 * Checks that a pipeline can run here with these parameters, so that what cannot is refused at once.
 * @throws UserErrors with all that is wrong
 */
export async function runnable(
  { benches }: Pick<Context, 'benches'>,
  { compiled }: KeptSpec,
  namespace: string,
  config: SourceMessage['runtime_config'],
): Promise<Runnable> {
  const root = benches.rootFor(namespace, config?.pipeline_root ?? '');
  const given = (config?.parameters ?? {}) as Readonly<Record<string, JsonValue>>;
  checkParameters(compiled.spec, given);
  const roots = checked.get(compiled) ?? new Set<string>();
  if (!roots.has(root)) {
    const { ports } = await benches.open(root);
    await loadExpressions(compiled.spec);
    checkPipeline(compiled, ports.runner);
    await checkCode(compiled, ports.runner);
    checked.set(compiled, roots.add(root));
  }
  return { root };
}

/** Looks whether the code of all components can be found here: whoever sends a spec sends that of components without images alone. */
async function checkCode({ spec }: CompiledPipeline, runner: Runner): Promise<void> {
  const errors: UserError[] = [];
  for (const [label, { container }] of Object.entries(spec.deploymentSpec.executors ?? {})) {
    const identity = container === undefined ? undefined : identityOf(container);
    const lack = identity === undefined ? undefined : await runner.lacks?.(identity);
    if (lack !== undefined)
      errors.push(
        new UserError('FER9010', {
          problem: `the server runs components as processes, and has no code of "${identity?.function ?? label}": ${lack.problem}`,
          fix: 'send it to a server with --runner docker or kubernetes, which runs its image; or leave `image` out of the component, so that its code travels in the spec',
        }),
      );
  }
  if (errors.length > 0) throw new UserErrors(errors);
}
