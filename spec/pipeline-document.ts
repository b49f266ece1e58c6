/** Reads compiled pipelines from YAML and JSON. */
import type { CompiledPipeline } from './platform-spec.ts';

export function readPipelineDocument(_text: string, file: string): CompiledPipeline {
  throw new Error(`${file}: reading documents is not there yet`);
}
