/** Lowers a traced pipeline to KFP's PipelineSpec, named and shaped as KFP's own compiler does it. */
import type { CompiledPipeline, PipelineSpec } from '../../spec/index.ts';
import type { TracedPipeline } from '../trace/traced-task.ts';
import type { ContainerOf } from './executor.ts';
import { SpecWriter } from './spec-writer.ts';

/** Lowers a pipeline. `sdkVersion` is recorded in the spec. */
export function lowerPipeline(
  pipeline: TracedPipeline,
  containerOf: ContainerOf,
  sdkVersion: string,
): CompiledPipeline {
  const writer = new SpecWriter(containerOf);
  const rootComponent = writer.pipeline(pipeline);
  const { components, executors, platform } = writer;
  const { displayName, root, config } = pipeline.settings;
  const spec: PipelineSpec = {
    pipelineInfo: {
      name: pipeline.name,
      ...(displayName !== undefined && { displayName }),
      ...(pipeline.description !== undefined && { description: pipeline.description }),
    },
    deploymentSpec: { executors },
    root: rootComponent,
    components,
    schemaVersion: '2.1.0',
    sdkVersion,
    ...(root !== undefined && { defaultPipelineRoot: root }),
  };
  const kubernetes = {
    ...(Object.keys(platform).length > 0 && { deploymentSpec: { executors: platform } }),
    ...(Object.keys(config).length > 0 && { pipelineConfig: config }),
  };
  return Object.keys(kubernetes).length === 0 ? { spec } : { spec, platform: { platforms: { kubernetes } } };
}
