/** What a task asks of its machine, checked. */
import type { RefObject } from '../trace/ref.ts';
import type { OptionReader } from './option-reader.ts';
import type { GivenKind, RefReader } from './ref-option.ts';

/** A quantity, or the Ref that a run takes it from. */
export type Quantity = string | RefObject;

export interface ResourceSettings {
  /** Cores, as Kubernetes writes them: `2`, `0.5`, `500m`. */
  readonly cpu?: Quantity;
  readonly cpuRequest?: Quantity;
  /** Bytes, as Kubernetes writes them: `8Gi`, `512M`. */
  readonly memory?: Quantity;
  readonly memoryRequest?: Quantity;
  readonly accelerator?: { readonly type: Quantity; readonly count: Quantity };
}

/** Lists the Refs among resources. */
export function refsOfResources({ accelerator, ...others }: ResourceSettings): RefObject[] {
  const all = [...Object.values(others), accelerator?.type, accelerator?.count];
  return all.filter((quantity) => typeof quantity === 'object');
}

const cpuPattern = /^(?:\d*\.)?\d+m?$/;
const memoryPattern = /^\d+(?:E|Ei|P|Pi|T|Ti|G|Gi|M|Mi|K|Ki)?$/;

/** Reads the resource options of a component or task. */
export function readResources(reader: OptionReader, refs: RefReader): ResourceSettings {
  const cpu = readCores(reader, 'cpu', refs);
  const cpuRequest = readCores(reader, 'cpuRequest', refs);
  const memory = readMemory(reader, 'memory', refs);
  const memoryRequest = readMemory(reader, 'memoryRequest', refs);
  const accelerator = readAccelerator(reader, refs);
  return {
    ...(cpu !== undefined && { cpu }),
    ...(cpuRequest !== undefined && { cpuRequest }),
    ...(memory !== undefined && { memory }),
    ...(memoryRequest !== undefined && { memoryRequest }),
    ...(accelerator && { accelerator }),
  };
}

const amount: readonly GivenKind[] = ['text', 'number'];

function readCores(reader: OptionReader, option: string, refs: RefReader): Quantity | undefined {
  const value = reader.get(option);
  if (value === undefined) return undefined;
  const given = refs.given(reader, option, amount);
  if (given !== undefined || refs.isRef(value)) return given;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (cpuPattern.test(text)) return text;
  reader.fault(option, 'is no number of cores', `write it as 2, '0.5' or '500m'${refs.hint}`);
  return undefined;
}

function readMemory(reader: OptionReader, option: string, refs: RefReader): Quantity | undefined {
  const value = reader.get(option);
  if (value === undefined) return undefined;
  const given = refs.given(reader, option, ['text']);
  if (given !== undefined || refs.isRef(value)) return given;
  if (typeof value === 'string' && memoryPattern.test(value)) return value;
  reader.fault(option, 'is no amount of memory', `write it as '8Gi' or '512M'${refs.hint}`);
  return undefined;
}

function readAccelerator(reader: OptionReader, refs: RefReader): ResourceSettings['accelerator'] {
  const accelerator = reader.nested('accelerator');
  if (accelerator === undefined) return undefined;
  const type = accelerator.get('type') === undefined ? undefined : refs.text(accelerator, 'type');
  const given = accelerator.get('count');
  const count =
    refs.given(accelerator, 'count', amount) ??
    (refs.isRef(given) ? '1' : given === undefined ? '1' : wholeText(accelerator.number('count')));
  accelerator.refuseOthers(['type', 'count']);
  if (type === undefined || count === undefined) {
    reader.fault('accelerator', 'is malformed', "write { type: 'nvidia.com/gpu', count: 1 }");
    return undefined;
  }
  return { type, count };
}

function wholeText(number: number | undefined): string | undefined {
  return number !== undefined && Number.isInteger(number) && number >= 0 ? `${number}` : undefined;
}
