/** A pipeline as a backend is to run it: once, or again and again. */
import type { RemoteRunRequest } from '../../remotes/ports.ts';
import type { JsonValue } from '../../spec/index.ts';
import { checkParameters } from '../../spec/parameters.ts';
import { loadPipeline, type LoadedPipeline } from '../load-pipeline.ts';
import { readParameters } from '../parameters.ts';
import type { Settings } from '../settings.ts';
import { tellWarnings } from '../tell-warnings.ts';
import type { VertexJobFlags } from './job-options.ts';
import type { KfpFlags } from './open-remotes.ts';
import { labelsIn } from './options-of-backends.ts';
import { refuseWhatCannotRun, refuseWhatKfpCannotRun } from './refuse-notes.ts';

/** Options of what is run elsewhere. */
export interface JobFlags extends KfpFlags, VertexJobFlags {
  readonly pipeline?: string;
  readonly param: readonly string[];
  readonly params?: string;
  /** False for --no-cache. */
  readonly cache: boolean;
  readonly pipelineRoot?: string;
  readonly serviceAccount?: string;
  readonly experiment?: string;
  readonly label: readonly string[];
  readonly force?: boolean;
}

/** A pipeline that the backend can run, with the parameters that were given: the service fills in the defaults. */
export interface Job extends LoadedPipeline {
  readonly parameters: Readonly<Record<string, JsonValue>>;
}

/**
 * Loads a pipeline with its parameters, and tells what it warns of.
 * @throws UserErrors FER8011 where the backend could not run all of it, unless it is forced
 */
export async function loadJob(
  file: string,
  settings: Settings,
  backend: 'kfp' | 'vertex' | 'kubernetes',
  flags: JobFlags,
): Promise<Job> {
  const loaded = await loadForBackend(file, settings, flags);
  const { compiled } = loaded;
  const parameters = await readParameters(compiled.spec, flags);
  checkParameters(compiled.spec, parameters);
  tellWarnings(loaded.warnings);
  const size = Buffer.byteLength(JSON.stringify([compiled.spec, compiled.platform]));
  if (flags.force === true) return { ...loaded, parameters };
  if (backend === 'kfp') await refuseWhatKfpCannotRun(settings, flags, loaded, size);
  else if (backend === 'vertex') refuseWhatCannotRun(loaded, backend, size);
  return { ...loaded, parameters };
}

/** Asks for a run of a job, as the options say. */
export function requestOf({ compiled, parameters, template }: Job, flags: JobFlags): RemoteRunRequest {
  return {
    compiled,
    parameters,
    ...(flags.pipelineRoot !== undefined && { pipelineRoot: flags.pipelineRoot }),
    ...(!flags.cache && { caching: false }),
    ...(flags.experiment !== undefined && { experiment: flags.experiment }),
    ...(flags.serviceAccount !== undefined && { serviceAccount: flags.serviceAccount }),
    labels: labelsIn(flags.label),
    ...(template && { template }),
  };
}

async function loadForBackend(file: string, settings: Settings, flags: JobFlags): Promise<LoadedPipeline> {
  const { pipeline, accelerator } = flags;
  const loaded = await loadPipeline(file, settings, pipeline, flags);
  if (accelerator === undefined) return loaded;
  const { withAccelerator } = await import('../../remotes/vertex/accelerators.ts');
  return { ...loaded, compiled: withAccelerator(loaded.compiled, accelerator) };
}
