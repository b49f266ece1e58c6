/** What a container asks of its machine, as Kubernetes writes quantities. */
import type { ResourceSpec } from '../pipeline-spec.ts';
import { numberText } from './value-text.ts';

/** Quantities such as `500m`, `2` or `1Gi`. */
export interface ResolvedResources {
  readonly cpuLimit?: string;
  readonly cpuRequest?: string;
  readonly memoryLimit?: string;
  readonly memoryRequest?: string;
  readonly accelerator?: {
    /** Such as `nvidia.com/gpu`. */
    readonly type: string;
    readonly count: string;
  };
}

/**
 * Resolves what a container asks for. Texts come before KFP's older numbers (cores, and gigabytes of 1e9 bytes); what
 * is empty or zero is not asked for.
 * @param resolve replaces placeholders
 */
export function resolveResources(
  resources: ResourceSpec | undefined,
  resolve: (text: string) => string,
): ResolvedResources {
  const one = (text: string | undefined, number: number | undefined, unit: number): string | undefined => {
    const given = text === undefined ? '' : resolve(text).trim();
    if (given !== '') return given;
    return number === undefined || number === 0
      ? undefined
      : numberText(Math.round(number * unit * 1e3) / 1e3);
  };
  const { resourceCpuLimit, resourceCpuRequest, resourceMemoryLimit, resourceMemoryRequest } =
    resources ?? {};
  const cpuLimit = one(resourceCpuLimit, resources?.cpuLimit, 1);
  const cpuRequest = one(resourceCpuRequest, resources?.cpuRequest, 1);
  const memoryLimit = one(resourceMemoryLimit, resources?.memoryLimit, 1e9);
  const memoryRequest = one(resourceMemoryRequest, resources?.memoryRequest, 1e9);
  const type = one(resources?.accelerator?.resourceType ?? resources?.accelerator?.type, undefined, 1);
  const count = one(resources?.accelerator?.resourceCount ?? resources?.accelerator?.count, undefined, 1);
  return {
    ...(cpuLimit !== undefined && { cpuLimit }),
    ...(cpuRequest !== undefined && { cpuRequest }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(memoryRequest !== undefined && { memoryRequest }),
    ...(type !== undefined && count !== undefined && count !== '0' && { accelerator: { type, count } }),
  };
}
