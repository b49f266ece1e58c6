/** Lowers settings of steps and tasks to a container's image, environment and resources. */
import type { ContainerSpec, EnvVar, ResourceSpec } from '../../spec/index.ts';
import type { Quantity, ResourceSettings } from '../options/resources.ts';
import type { TaskSettings } from '../options/task-settings.ts';
import { partsOf } from '../options/ref-option.ts';
import type { RefObject } from '../trace/ref.ts';
import type { TemplatePart } from '../trace/template.ts';

/** What a step says of its own container. */
export interface ContainerDefaults {
  readonly env: Readonly<Record<string, string>>;
  readonly resources: ResourceSettings;
}

/** Writes the placeholder of the task input that holds a Ref's value. */
export type PlaceholderOf = (ref: RefObject) => string;

/** Adds environment and resources to a container; the task's settings go before the step's, and before the container's. */
export function withTaskSettings(
  container: ContainerSpec,
  defaults: ContainerDefaults,
  options: TaskSettings,
  placeholder: PlaceholderOf,
): ContainerSpec {
  const written = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']));
  const env = environment({ ...written, ...defaults.env, ...options.env });
  const resources = {
    ...container.resources,
    ...resourceSpec({ ...defaults.resources, ...options.resources }, placeholder),
  };
  return {
    ...container,
    ...(options.image !== undefined && {
      image: partsOf(options.image)
        .map((part) => text(part, placeholder))
        .join(''),
    }),
    ...(env.length > 0 && { env }),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

/** The inputs that a task has because its options take values from the run, by the names that KFP gives them. */
export function settingInputs({
  image,
  resources,
}: TaskSettings): readonly (readonly [string, readonly TemplatePart[]])[] {
  const { cpu, cpuRequest, memory, memoryRequest, accelerator } = resources;
  const named = {
    base_image: image,
    cpu_request: cpuRequest,
    cpu_limit: cpu,
    memory_request: memoryRequest,
    memory_limit: memory,
    accelerator_type: accelerator?.type,
    accelerator_count: accelerator?.count,
  };
  return Object.entries(named).flatMap(([name, value]) =>
    typeof value === 'object' ? [[name, partsOf(value)] as const] : [],
  );
}

function environment(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Constants are written twice, in KFP's older fields as numbers; what a run decides only in the newer ones. */
function resourceSpec(settings: ResourceSettings, placeholder: PlaceholderOf): ResourceSpec {
  const { cpu, cpuRequest, memory, memoryRequest, accelerator } = settings;
  const write = (quantity: Quantity): string => text(quantity, placeholder);
  return {
    ...(cpu !== undefined && { ...older('cpuLimit', cpu, cores), resourceCpuLimit: write(cpu) }),
    ...(cpuRequest !== undefined && {
      ...older('cpuRequest', cpuRequest, cores),
      resourceCpuRequest: write(cpuRequest),
    }),
    ...(memory !== undefined && {
      ...older('memoryLimit', memory, gigabytes),
      resourceMemoryLimit: write(memory),
    }),
    ...(memoryRequest !== undefined && {
      ...older('memoryRequest', memoryRequest, gigabytes),
      resourceMemoryRequest: write(memoryRequest),
    }),
    ...(accelerator && {
      accelerator: {
        ...older('type', accelerator.type, String),
        resourceType: write(accelerator.type),
        ...older('count', accelerator.count, String),
        resourceCount: write(accelerator.count),
      },
    }),
  };
}

function older<T>(name: string, quantity: Quantity, convert: (text: string) => T): Record<string, T> {
  return typeof quantity === 'string' ? { [name]: convert(quantity) } : {};
}

function text(quantity: Quantity, placeholder: PlaceholderOf): string {
  return typeof quantity === 'string' ? quantity : placeholder(quantity);
}

function cores(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

/** Bytes a unit. */
const units: Readonly<Record<string, number>> = {
  E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, K: 1e3,
  Ei: 2 ** 60, Pi: 2 ** 50, Ti: 2 ** 40, Gi: 2 ** 30, Mi: 2 ** 20, Ki: 2 ** 10,
}; // prettier-ignore

/** Gigabytes of 1e9 bytes. Bytes come first and the division last, as in KFP, so that the last digit is the same. */
function gigabytes(quantity: string): number {
  const [, count, unit = ''] = /^(\d+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return (Number(count) * (units[unit] ?? 1)) / 1e9;
}
