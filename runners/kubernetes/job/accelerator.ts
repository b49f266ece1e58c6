/** What a task's accelerator means to the scheduler. */
import type { ResolvedResources } from '../../../spec/index.ts';

export interface AcceleratorPlace {
  /** The extended resource to ask for. */
  readonly resource: string;
  readonly count: string;
  /** Labels that the node must have. */
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/**
 * Reads an accelerator: `nvidia.com/gpu` and any other extended resource as it is; the names that Vertex and GKE
 * have for models, such as `NVIDIA_TESLA_T4` or `nvidia-l4`, as GKE's node label and the resource behind it.
 */
export function acceleratorPlace(
  accelerator: ResolvedResources['accelerator'],
): AcceleratorPlace | undefined {
  if (accelerator === undefined) return undefined;
  const { type, count } = accelerator;
  if (type.includes('/')) return { resource: type, count, nodeSelector: {} };
  const model = type.toLowerCase().replaceAll('_', '-');
  if (model.startsWith('tpu'))
    return {
      resource: 'google.com/tpu',
      count,
      nodeSelector: { 'cloud.google.com/gke-tpu-accelerator': model },
    };
  if (model === 'gpu' || model === 'nvidia') return { resource: 'nvidia.com/gpu', count, nodeSelector: {} };
  return {
    resource: 'nvidia.com/gpu',
    count,
    nodeSelector: { 'cloud.google.com/gke-accelerator': model },
  };
}

/** Tells whether code that was compiled for CUDA finds its device there. */
export function hasCuda(type: string | undefined): boolean {
  if (type === undefined || type === '') return false;
  return type.includes('/') ? type.startsWith('nvidia.com/') : !/^tpu/i.test(type);
}
