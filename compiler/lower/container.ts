/** Lowers settings of components and tasks to a container's environment and resources. */
import type { ContainerSpec, EnvVar, ResourceSpec } from '../../spec/index.ts';
import type { ResourceSettings } from '../options/resources.ts';
import type { ComponentTask } from '../trace/traced-task.ts';

/** Adds a task's environment and resources to what it runs; the task's settings go before the component's. */
export function withTaskSettings(container: ContainerSpec, task: ComponentTask): ContainerSpec {
  const { settings } = task.work;
  const env = environment({ ...settings.env, ...task.options.env });
  const resources = resourceSpec({ ...settings.resources, ...task.options.resources });
  return { ...container, ...(env.length > 0 && { env }), ...(resources && { resources }) };
}

function environment(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function resourceSpec(settings: ResourceSettings): ResourceSpec | undefined {
  const { cpu, cpuRequest, memory, memoryRequest, accelerator } = settings;
  const resources: ResourceSpec = {
    ...(cpu !== undefined && { cpuLimit: cores(cpu), resourceCpuLimit: cpu }),
    ...(cpuRequest !== undefined && { cpuRequest: cores(cpuRequest), resourceCpuRequest: cpuRequest }),
    ...(memory !== undefined && { memoryLimit: gigabytes(memory), resourceMemoryLimit: memory }),
    ...(memoryRequest !== undefined && {
      memoryRequest: gigabytes(memoryRequest),
      resourceMemoryRequest: memoryRequest,
    }),
    ...(accelerator && {
      accelerator: {
        type: accelerator.type,
        resourceType: accelerator.type,
        count: `${accelerator.count}`,
        resourceCount: `${accelerator.count}`,
      },
    }),
  };
  return Object.keys(resources).length === 0 ? undefined : resources;
}

function cores(text: string): number {
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text);
}

/** Bytes a unit. */
const units: Readonly<Record<string, number>> = {
  E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, K: 1e3,
  Ei: 2 ** 60, Pi: 2 ** 50, Ti: 2 ** 40, Gi: 2 ** 30, Mi: 2 ** 20, Ki: 2 ** 10,
}; // prettier-ignore

/** Gigabytes of 1e9 bytes. Bytes come first and the division last, as in KFP, so that the last digit is the same. */
function gigabytes(text: string): number {
  const [, count, unit = ''] = /^(\d+)([A-Za-z]*)$/.exec(text) ?? [];
  return (Number(count) * (units[unit] ?? 1)) / 1e9;
}
