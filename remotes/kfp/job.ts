import type { CompiledPipeline } from '../../spec/index.ts';
import { withCaching } from '../caching.ts';
import type { RemoteRunRequest } from '../ports.ts';

/** What runs and recurring runs of KFP have in common: the pipeline and its configuration. */
export function jobOf({
  compiled,
  template,
  caching,
  parameters,
  pipelineRoot,
  serviceAccount,
}: RemoteRunRequest): Record<string, unknown> {
  const reference =
    template?.pipelineId !== undefined && template.versionId !== undefined && caching === undefined;
  return {
    ...(reference
      ? {
          pipeline_version_reference: {
            pipeline_id: template.pipelineId,
            pipeline_version_id: template.versionId,
          },
        }
      : { pipeline_spec: specStruct(withCaching(compiled, caching, {})) }),
    runtime_config: { parameters, ...(pipelineRoot !== undefined && { pipeline_root: pipelineRoot }) },
    ...(serviceAccount !== undefined && { service_account: serviceAccount }),
  };
}

/** Puts spec and platform spec into one structure, as the API has them; a spec alone stands for itself. */
function specStruct({ spec, platform }: CompiledPipeline): unknown {
  return platform === undefined ? spec : { pipeline_spec: spec, platform_spec: platform };
}
