/** Options of runs on Vertex AI, which schedules there take too. */
import type { VertexSettings } from '../../remotes/vertex/job-request.ts';
import { loadPipeline, type LoadedPipeline } from '../load-pipeline.ts';
import type { Settings } from '../settings.ts';

export interface VertexJobFlags {
  readonly network?: string;
  readonly reservedIpRange: readonly string[];
  readonly encryptionKey?: string;
  readonly failurePolicy?: 'slow' | 'fast';
  readonly accelerator?: string;
}

/** Loads the pipeline as the backend is to get it. */
export async function loadForBackend(
  file: string,
  settings: Settings,
  { pipeline, accelerator }: Pick<VertexJobFlags, 'accelerator'> & { readonly pipeline?: string },
): Promise<LoadedPipeline> {
  const loaded = await loadPipeline(file, settings, pipeline);
  if (accelerator === undefined) return loaded;
  const { withAccelerator } = await import('../../remotes/vertex/accelerators.ts');
  return { ...loaded, compiled: withAccelerator(loaded.compiled, accelerator) };
}

/** Gives what jobs on Vertex AI take beyond what all runs do. */
export function vertexSettings({ env }: Settings, flags: VertexJobFlags): VertexSettings {
  const { network, reservedIpRange, encryptionKey, failurePolicy } = flags;
  const stagingBucket = env['STAGING_BUCKET'];
  return {
    ...(stagingBucket && { stagingBucket }),
    ...(network !== undefined && { network }),
    ...(reservedIpRange.length > 0 && { reservedIpRanges: reservedIpRange }),
    ...(encryptionKey !== undefined && { encryptionKey }),
    ...(failurePolicy !== undefined && { failurePolicy }),
  };
}
