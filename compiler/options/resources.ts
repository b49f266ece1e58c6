/** What a task asks of its machine, checked. */
import type { OptionReader } from './option-reader.ts';

export interface ResourceSettings {
  /** Cores, as Kubernetes writes them: `2`, `0.5`, `500m`. */
  readonly cpu?: string;
  readonly cpuRequest?: string;
  /** Bytes, as Kubernetes writes them: `8Gi`, `512M`. */
  readonly memory?: string;
  readonly memoryRequest?: string;
  readonly accelerator?: { readonly type: string; readonly count: number };
}

const cpuPattern = /^(?:\d*\.)?\d+m?$/;
const memoryPattern = /^\d+(?:E|Ei|P|Pi|T|Ti|G|Gi|M|Mi|K|Ki)?$/;

/** Reads the resource options of a component or task. */
export function readResources(reader: OptionReader): ResourceSettings {
  const cpu = readCores(reader, 'cpu');
  const cpuRequest = readCores(reader, 'cpuRequest');
  const memory = readMemory(reader, 'memory');
  const memoryRequest = readMemory(reader, 'memoryRequest');
  const accelerator = readAccelerator(reader);
  return {
    ...(cpu !== undefined && { cpu }),
    ...(cpuRequest !== undefined && { cpuRequest }),
    ...(memory !== undefined && { memory }),
    ...(memoryRequest !== undefined && { memoryRequest }),
    ...(accelerator && { accelerator }),
  };
}

function readCores(reader: OptionReader, option: string): string | undefined {
  const value = reader.get(option);
  if (value === undefined) return undefined;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (cpuPattern.test(text)) return text;
  reader.fault(option, 'is no number of cores', "write it as 2, '0.5' or '500m'");
  return undefined;
}

function readMemory(reader: OptionReader, option: string): string | undefined {
  const value = reader.get(option);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && memoryPattern.test(value)) return value;
  reader.fault(option, 'is no amount of memory', "write it as '8Gi' or '512M'");
  return undefined;
}

function readAccelerator(reader: OptionReader): ResourceSettings['accelerator'] {
  const accelerator = reader.nested('accelerator');
  if (accelerator === undefined) return undefined;
  const type = accelerator.text('type');
  const count = accelerator.number('count') ?? 1;
  accelerator.refuseOthers(['type', 'count']);
  if (type === undefined || type === '' || !Number.isInteger(count) || count < 0) {
    reader.fault('accelerator', 'is malformed', "write { type: 'nvidia.com/gpu', count: 1 }");
    return undefined;
  }
  return { type, count };
}
